/** What the reader chose: language and theme, kept in this browser. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { en, type Messages } from '../words/en.ts';
import { createFormats, type Formats } from '../words/format.ts';
import { chooseLanguage, type Language, loadMessages } from '../words/i18n.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface SettingsModel {
  readonly language: ReadonlySignal<Language>;
  readonly theme: Signal<Theme>;
  readonly messages: ReadonlySignal<Messages>;
  readonly formats: ReadonlySignal<Formats>;
  /** Settles when the page speaks it; where its words cannot be fetched, the page stays as it is. */
  speak(language: Language): Promise<void>;
}

/** Storage may be forbidden (a private window, a policy): then a choice lasts as long as the page. */
export interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export const BROWSER_SHELF: Shelf = {
  get: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Nothing depends on it.
    }
  },
};

export const LANGUAGE_KEY = 'hostview.language';
const THEME_KEY = 'hostview.theme';

/** Speaks English until it is told to {@link SettingsModel.speak}; `root` is the document's element. */
export function createSettingsModel(shelf: Shelf, root: HTMLElement): SettingsModel {
  const language = signal<Language>('en');
  let wanted: Language = 'en';
  let failures = 0;
  const messages = signal<Messages>(en);
  const theme = signal<Theme>(THEMES.find((known) => known === shelf.get(THEME_KEY)) ?? 'system');
  effect(() => {
    root.lang = language.value;
  });
  effect(() => {
    root.dataset.theme = theme.value;
    shelf.set(THEME_KEY, theme.value);
  });
  return {
    language,
    theme,
    messages,
    formats: computed(() => createFormats(language.value)),
    async speak(next) {
      wanted = next;
      const loaded = await loadMessages(next, failures).catch(() => null);
      if (loaded === null) failures += 1;
      // Another one may have been chosen while this one was on its way.
      else if (wanted === next) {
        batch(() => {
          language.value = next;
          messages.value = loaded;
        });
      }
    },
  };
}

export const preferredLanguage = (shelf: Shelf, preferred: readonly string[]): Language =>
  chooseLanguage(shelf.get(LANGUAGE_KEY), preferred);
