import type { ComponentChildren } from 'preact';
import type { Vm } from '../../core/model.ts';
import { chipAttributes } from '../board/chip-attributes.ts';
import { VmName } from '../board/vm-name.tsx';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { splitLongWords } from '../words/note-text.ts';
import { stateText } from '../words/state-text.ts';
import { useDrainWords } from '../words/view-words.ts';
import { waitOf } from './drain-lists.ts';

/** A VM that is on a host which is being emptied, and not on its way. What its group says is not said again. */
export function DrainRow({ vm }: { readonly vm: Vm }) {
  const session = useSession();
  const { words, formats } = useWords();
  const place = waitOf(vm)?.place;
  const { dangers } = useLateWords();
  const { place: placeText } = useDrainWords();
  return (
    <li class="chip drain-row" {...chipAttributes(vm, session)}>
      <button type="button" tabIndex={-1} aria-haspopup="dialog">
        <Shape of={vm.state} />
        <span class="chip-line">
          <VmName vm={vm} />
          <Words of={[vm.state !== 'running' && stateText(vm, words), place !== undefined && placeText(place), sizeOf(vm)]} />
        </span>
        {vm.danger?.map((danger) => (
          <Note key={danger} kind="danger">
            {dangers[danger]}
          </Note>
        ))}
        <Failures vm={vm} />
      </button>
    </li>
  );

  function sizeOf({ memory }: Vm): string | false {
    return memory !== undefined && memoryText(memory, formats);
  }
}

const Words = ({ of }: { readonly of: readonly (string | false)[] }) => (
  <span class="chip-word">{of.filter((word) => word !== false).join(' · ')}</span>
);

/** Its last moves did not succeed: how many, and why, for it will go on like this. */
function Failures({ vm: { host, lastMigration: end } }: { readonly vm: Vm }) {
  const { notes } = useLateWords();
  const words = useDrainWords();
  if (end === undefined || end.outcome === 'succeeded' || end.from !== host) return null;
  const text = end.tries === undefined ? words.lastFailed : words.tries(end.tries);
  return (
    <Note kind={end.loop === true ? 'loop' : 'ended'}>
      {splitLongWords(end.reason === undefined ? text : notes.because(text, end.reason)).map((part, index) => [index > 0 && <wbr />, part])}
    </Note>
  );
}

const Note = ({ kind, children }: { readonly kind: string; readonly children: ComponentChildren }) => (
  <span class="note" data-note={kind}>
    {children}
  </span>
);
