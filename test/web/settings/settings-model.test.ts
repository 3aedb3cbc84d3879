import { describe, expect, it } from 'vitest';
import { createSettingsModel, preferredLanguage, type Shelf } from '../../../web/settings/settings-model.ts';

const shelfWith = (entries: Record<string, string> = {}): Shelf => {
  const kept = new Map(Object.entries(entries));
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value) };
};
const root = (): HTMLElement => ({ lang: '', dataset: {} }) as unknown as HTMLElement;

describe('settings', () => {
  it('speak what was chosen last, though the words of what was chosen before come later', async () => {
    const element = root();
    const settings = createSettingsModel(shelfWith(), element);
    const slow = settings.speak('zh-Hans');
    await settings.speak('en');
    await slow;
    expect(settings.language.peek()).toBe('en');
    expect(settings.messages.peek().badge.live).toBe('Live');
    expect(element.lang).toBe('en');
  });

  it('keep a theme, and take an unknown one for the system’s', () => {
    const shelf = shelfWith({ 'hostview.theme': 'dark' });
    const element = root();
    const settings = createSettingsModel(shelf, element);
    expect(element.dataset.theme).toBe('dark');
    settings.theme.value = 'light';
    expect(shelf.get('hostview.theme')).toBe('light');
    expect(createSettingsModel(shelfWith({ 'hostview.theme': 'plaid' }), root()).theme.peek()).toBe('system');
  });

  it('prefer the language that was kept to the browser’s', () => {
    expect(preferredLanguage(shelfWith({ 'hostview.language': 'zh-Hans' }), ['en'])).toBe('zh-Hans');
    expect(preferredLanguage(shelfWith(), ['zh-CN'])).toBe('zh-Hans');
  });
});
