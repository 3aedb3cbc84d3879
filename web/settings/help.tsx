import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { KeyHelp } from '../late/late-views.ts';
import { provideShortcut } from './shortcut-model.ts';

/** The list of keys, where somebody asked for it. */
export function Help() {
  const isOpen = useSignal(false);
  const show = (isAsked: boolean): void => {
    isOpen.value = isAsked;
  };
  useEffect(() => provideShortcut('help', () => show(true)), []);
  return isOpen.value ? <KeyHelp onClosed={() => show(false)} /> : null;
}
