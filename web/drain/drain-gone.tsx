import type { Drain } from '../../core/model.ts';
import { VmName } from '../board/vm-name.tsx';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { isoTime } from '../words/iso-time.ts';
import { stateText } from '../words/state-text.ts';
import { useDrainWords } from '../words/view-words.ts';
import { countRest } from './drain-bar.ts';
import type { Departure } from './drain-departures.ts';
import { DrainList } from './drain-section.tsx';

/** Who has left, where to and when, for whoever unfolds it: newest first. */
export function DrainGone({ drain, departures }: { readonly drain: Drain; readonly departures: readonly Departure[] }) {
  const { formats } = useWords();
  const words = useDrainWords();
  const { gone } = countRest(drain);
  if (gone === 0) return null;
  return (
    <details class="panel drain-section" data-part="gone">
      <summary>
        <h3 class="drain-section-head">
          <span class="drain-section-count">{formats.number(gone)}</span> {words.parts.gone}
        </h3>
      </summary>
      <DrainList items={departures} label={words.parts.gone} render={(departure) => <GoneRow key={departure.vm.id} {...departure} />} />
      {departures.length < gone && <p class="drain-hint">{words.goneElsewhere(gone - departures.length)}</p>}
    </details>
  );
}

function GoneRow({ vm, at }: Departure) {
  const { connection } = useSession();
  const { formats, words: messages } = useWords();
  const words = useDrainWords();
  return (
    <li class="chip drain-row" data-vm={vm.id} data-state={vm.state}>
      <button type="button" aria-haspopup="dialog">
        <Shape of={vm.state} />
        <span class="chip-line">
          <VmName vm={vm} />
          <span class="chip-word" title={isoTime(at)}>
            {vm.host === null ? stateText(vm, messages) : words.goneTo(vm.host)} · {formats.time(at, connection.now.value)}
          </span>
        </span>
      </button>
    </li>
  );
}
