/** What the reader chose and only the late parts need, kept in this browser. There is one reader, so one store does. */
import { effect, type Signal, signal } from '@preact/signals';
import { isReducedBy, type MotionChoice, parseMotion } from '../motion/motion-choice.ts';
import type { Language } from '../words/i18n.ts';
import { BROWSER_SHELF, LANGUAGE_KEY } from './settings-model.ts';

const MOTION_KEY = 'hostview.motion';
const SHORTCUTS_KEY = 'hostview.shortcuts';
const SWITCHED_OFF = 'off';

export const motion: Signal<MotionChoice> = signal(parseMotion(BROWSER_SHELF.get(MOTION_KEY)));
/** Whether single keys are shortcuts (WCAG 2.1.4). */
export const areShortcutsOn: Signal<boolean> = signal(BROWSER_SHELF.get(SHORTCUTS_KEY) !== SWITCHED_OFF);

/** A choice is kept; a language that was only guessed is not, so that it follows the browser's. */
export const keepLanguage = (language: Language): void => BROWSER_SHELF.set(LANGUAGE_KEY, language);

const REDUCED_MOTION = '(prefers-reduced-motion: reduce)';

let preference: MediaQueryList | undefined;
/** One for the page's life: each that is asked for is kept by the browser. */
const readPreference = (): MediaQueryList => {
  preference ??= matchMedia(REDUCED_MOTION);
  return preference;
};

/** Whether what moves is to stand still and to be told in words instead. */
export const isMotionReduced = (): boolean => isReducedBy(motion.value, readPreference().matches);

/** Keeps what is chosen, and tells the stylesheets (`data-motion` of the root). Answers how to stop. */
export function followLateSettings(root: HTMLElement): () => void {
  const query = readPreference();
  const tell = (): void => {
    root.dataset.motion = isMotionReduced() ? 'reduced' : 'full';
  };
  const stops = [
    effect(() => BROWSER_SHELF.set(MOTION_KEY, motion.value)),
    effect(() => BROWSER_SHELF.set(SHORTCUTS_KEY, areShortcutsOn.value ? 'on' : SWITCHED_OFF)),
    effect(tell),
  ];
  query.addEventListener('change', tell);
  return () => {
    query.removeEventListener('change', tell);
    for (const stop of stops) stop();
  };
}
