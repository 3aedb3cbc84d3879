import { describe, expect, it } from 'vitest';
import { enHelp } from '../../../web/settings/help-words-en.ts';
import { KEY_LIST } from '../../../web/settings/key-list.ts';
import { type KeyAction, type KeyPlace, type Keystroke, selectKeyAction } from '../../../web/settings/keys.ts';

const press = (key: string, extra: Partial<Keystroke> = {}): Keystroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...extra,
});
const at = (focus: KeyPlace['focus'], areShortcutsOn = true): KeyPlace => ({ focus, areShortcutsOn });
const PLACES = ['text', 'board', 'modal', 'elsewhere'] as const;

type Told = string | null;
const tell = (action: KeyAction | null): Told => (action === null ? null : Object.values(action).join(' '));

/** What each key does, by where the focus is: in a field, on the board, in a dialog, elsewhere; then elsewhere with single keys switched off. */
const TABLE: Readonly<Record<string, readonly [text: Told, board: Told, modal: Told, elsewhere: Told, off: Told]>> = {
  '/': [null, 'shortcut search', null, 'shortcut search', null],
  '?': [null, 'shortcut help', null, 'shortcut help', null],
  b: [null, 'type b', null, 'picture board', null],
  t: [null, 'type t', null, 'picture table', null],
  m: [null, 'type m', null, 'picture migrations', null],
  h: [null, 'type h', null, 'shortcut history', null],
  c: [null, 'type c', null, 'shortcut copy-link', null],
  C: [null, 'type C', null, 'shortcut copy-link', null],
  x: [null, 'type x', null, null, null],
  虚: [null, 'type 虚', null, null, null],
  '-': [null, 'type -', null, null, null],
  ' ': [null, null, null, null, null],
  Escape: [null, 'close', null, 'close', 'close'],
  Enter: [null, null, null, null, null],
  Tab: [null, null, null, null, null],
  ArrowUp: [null, 'move up', null, null, null],
  ArrowDown: [null, 'move down', null, null, null],
  ArrowLeft: [null, 'move left', null, null, null],
  ArrowRight: [null, 'move right', null, null, null],
  Home: [null, 'edge first host', null, null, null],
  End: [null, 'edge last host', null, null, null],
  PageUp: [null, 'host -1', null, null, null],
  PageDown: [null, 'host 1', null, null, null],
  F5: [null, null, null, null, null],
};

describe('the keys', () => {
  it.each(Object.entries(TABLE))('%s', (key, [...expected]) => {
    const off = expected.pop();
    expect(PLACES.map((place) => tell(selectKeyAction(press(key), at(place))))).toEqual(expected);
    expect(tell(selectKeyAction(press(key), at('elsewhere', false)))).toBe(off);
  });

  it('go on leading through the board where single keys are switched off, and letters to names', () => {
    const off = at('board', false);
    expect(tell(selectKeyAction(press('ArrowDown'), off))).toBe('move down');
    expect(tell(selectKeyAction(press('c'), off))).toBe('type c');
    expect(selectKeyAction(press('?'), off)).toEqual({ name: 'type', letter: '?' });
  });

  it('belong to the browser with a modifier, but for the ends of the board', () => {
    for (const key of Object.keys(TABLE)) {
      for (const modifier of ['metaKey', 'altKey'] as const)
        expect(selectKeyAction(press(key, { [modifier]: true }), at('board'))).toBeNull();
      const withCtrl = tell(selectKeyAction(press(key, { ctrlKey: true }), at('board')));
      expect(withCtrl).toBe(key === 'Home' ? 'edge first board' : key === 'End' ? 'edge last board' : null);
      expect(selectKeyAction(press(key, { ctrlKey: true }), at('elsewhere'))).toBeNull();
    }
  });

  it('are none where they are called as what every object has', () => {
    for (const place of PLACES) expect(selectKeyAction(press('constructor'), at(place))).toBeNull();
  });

  it('do nothing while an input method puts a word together', () => {
    expect(selectKeyAction(press('Escape', { isComposing: true }), at('elsewhere'))).toBeNull();
    expect(selectKeyAction(press('t', { isComposing: true }), at('board'))).toBeNull();
  });

  it('are all in the list of keys: each single one does something, and has words', () => {
    const lines = [...KEY_LIST.anywhere, ...KEY_LIST.board];
    const single = lines.filter((line) => line.single).flatMap((line) => line.keys);
    for (const key of single) {
      expect(selectKeyAction(press(key), at('elsewhere'))).not.toBeNull();
      expect(selectKeyAction(press(key), at('elsewhere', false))).toBeNull();
    }
    const working = Object.entries(TABLE).filter(([key, [, , , elsewhere]]) => elsewhere !== null && key !== 'Escape' && key !== 'C');
    expect(new Set(single)).toEqual(new Set(working.map(([key]) => key)));
    expect(new Set(lines.map(({ does }) => does))).toEqual(new Set(Object.keys(enHelp.does)));
  });
});
