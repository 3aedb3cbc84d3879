import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { KeyHelp } from '../late/late-views.ts';
import { provideShortcut } from './shortcut-model.ts';

/** The list of keys, where somebody asked for it. Its file can come late: whoever does something else meanwhile does not want it any more. */
export function Help() {
  const isWanted = useSignal(false);
  const want = (isSo: boolean): void => {
    isWanted.value = isSo;
  };
  useEffect(() => {
    const closing = new AbortController();
    const turnAway = ({ target }: Event): void => {
      if (target instanceof Element && target.closest('dialog, .part-missing') === null) want(false);
    };
    for (const event of ['keydown', 'pointerdown']) addEventListener(event, turnAway, { capture: true, signal: closing.signal });
    const withdraw = provideShortcut('help', () => want(true));
    return () => {
      closing.abort();
      withdraw();
    };
  }, []);
  return isWanted.value ? <KeyHelp onClosed={() => want(false)} /> : null;
}
