import { useEffect } from 'preact/hooks';
import { readKey } from '../settings/keyboard.tsx';
import { runShortcut } from '../settings/shortcut-model.ts';

/** The shortcuts of every view; those of a board mean nothing here. Shows nothing. */
export function FleetKeys() {
  useEffect(() => {
    const closing = new AbortController();
    const read = (event: KeyboardEvent): void => {
      const action = readKey(event);
      if (action?.name === 'shortcut' && runShortcut(action.shortcut)) event.preventDefault();
    };
    document.addEventListener('keydown', read, { signal: closing.signal });
    return () => closing.abort();
  }, []);
  return null;
}
