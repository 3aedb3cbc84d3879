/** What a key does: a pure map; keyboard.tsx is the shell that does it. The help lists the same keys ({@link KEY_LIST}). */
import type { Picture } from '../page/page-state.ts';

export interface Keystroke {
  /** As `KeyboardEvent.key`. */
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** An input method is putting a word together. */
  readonly isComposing: boolean;
}

export interface KeyPlace {
  /** `text`: a field that takes letters itself · `board`: a VM or a host on the board · `modal`: a dialog that must be answered first. */
  readonly focus: 'text' | 'board' | 'modal' | 'elsewhere';
  /** Single keys can be switched off, for those who press them without meaning to: by voice, by tremor (WCAG 2.1.4). */
  readonly areShortcutsOn: boolean;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

export type KeyAction =
  | { readonly name: 'move'; readonly direction: Direction }
  | { readonly name: 'edge'; readonly to: 'first' | 'last'; readonly of: 'host' | 'board' }
  | { readonly name: 'host'; readonly step: 1 | -1 }
  /** Goes to the next VM whose name begins with what is typed. */
  | { readonly name: 'type'; readonly letter: string }
  | { readonly name: 'picture'; readonly picture: Picture }
  | { readonly name: 'shortcut'; readonly shortcut: Shortcut }
  /** Closes what is open, else leaves the board. */
  | { readonly name: 'close' };

/** What other parts of the page do when its key is pressed (shortcut-model.ts). */
export type Shortcut = 'search' | 'help' | 'history' | 'copy-link';

const MOVES: Readonly<Record<string, KeyAction>> = {
  ArrowUp: { name: 'move', direction: 'up' },
  ArrowDown: { name: 'move', direction: 'down' },
  ArrowLeft: { name: 'move', direction: 'left' },
  ArrowRight: { name: 'move', direction: 'right' },
  Home: { name: 'edge', to: 'first', of: 'host' },
  End: { name: 'edge', to: 'last', of: 'host' },
  PageUp: { name: 'host', step: -1 },
  PageDown: { name: 'host', step: 1 },
};

const SYMBOLS: Readonly<Record<string, KeyAction>> = {
  '/': { name: 'shortcut', shortcut: 'search' },
  '?': { name: 'shortcut', shortcut: 'help' },
};

const LETTERS: Readonly<Record<string, KeyAction>> = {
  b: { name: 'picture', picture: 'board' },
  t: { name: 'picture', picture: 'table' },
  m: { name: 'picture', picture: 'migrations' },
  h: { name: 'shortcut', shortcut: 'history' },
  c: { name: 'shortcut', shortcut: 'copy-link' },
};

const actionOf = (keys: Readonly<Record<string, KeyAction>>, key: string): KeyAction | null =>
  Object.hasOwn(keys, key) ? (keys[key] ?? null) : null;

/** Null: the key is not ours, and is left to whoever it belongs to. */
export function selectKeyAction(
  { key, ctrlKey, metaKey, altKey, isComposing }: Keystroke,
  { focus, areShortcutsOn }: KeyPlace,
): KeyAction | null {
  if (isComposing || metaKey || altKey || focus === 'text' || focus === 'modal') return null;
  if (ctrlKey) {
    if (focus !== 'board' || (key !== 'Home' && key !== 'End')) return null;
    return { name: 'edge', to: key === 'Home' ? 'first' : 'last', of: 'board' };
  }
  if (key === 'Escape') return { name: 'close' };
  const symbol = areShortcutsOn ? actionOf(SYMBOLS, key) : null;
  if (symbol !== null) return symbol;
  // On the board letters are names: whoever stands on a VM is looking for another one. Elsewhere they are shortcuts.
  if (focus === 'board') return actionOf(MOVES, key) ?? (isNamePart(key) ? { name: 'type', letter: key } : null);
  return areShortcutsOn ? actionOf(LETTERS, key.toLowerCase()) : null;
}

/** One character, of any script, that is not the space which presses a button. */
const isNamePart = (key: string): boolean => [...key].length === 1 && key.trim() !== '';
