import type { Drain, Host } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useDrainWords } from '../words/view-words.ts';
import { countRest } from './drain-bar.ts';
import { type DrainEta, selectEta } from './drain-eta.ts';
import { countHindered, type DrainLine, HINDRANCES, selectDrainLine } from './drain-line.ts';
import type { DrainModel } from './drain-model.ts';
import { roundSpan } from './drain-span.ts';

export interface DrainEtaLineProps {
  readonly host: Host;
  readonly drain: Drain;
  readonly model: DrainModel;
}

/** When it will be over, as far as that can be told; nothing of it in a picture that is not live. */
export function DrainEtaLine({ host, drain, model }: DrainEtaLineProps) {
  const { connection } = useSession();
  const { formats } = useWords();
  const { eta: words } = useDrainWords();
  const now = connection.now.value;
  const heard = connection.lastHeard.value;
  if (connection.badge.value.kind !== 'live' || now === null || heard === null || drain.because === 'not-reporting') return null;
  const line = selectDrainLine(model.residents.value, host.name);
  const eta = selectEta({
    departures: drain.leftAt ?? [],
    gone: countRest(drain).gone,
    now,
    heard,
    line,
    arriving: drain.arriving,
    isEntering: host.state === 'entering-maintenance',
  });
  if (eta.kind === 'none') return null;
  const others = formats.list(staying(line, drain.arriving).map(([hindrance, vms]) => words.hindrances[hindrance](vms)));
  return (
    <p class="drain-eta" data-eta={eta.kind}>
      <EtaText eta={eta} /> {others !== '' && <span class="drain-eta-except">{eta.kind === 'range' ? words.except(others) : others}</span>}
    </p>
  );
}

function EtaText({ eta }: { readonly eta: Exclude<DrainEta, { kind: 'none' }> }) {
  const { formats } = useWords();
  const { eta: words } = useDrainWords();
  switch (eta.kind) {
    case 'endless':
      return <strong class="drain-eta-span">{words.endless}</strong>;
    case 'unknown':
      return <strong class="drain-eta-span">{words.unknown}</strong>;
    case 'too-early':
      return <span>{words.tooEarly(eta.known, eta.isSinceGap)}</span>;
    case 'halted':
      return <strong class="drain-eta-span">{words.halted(formats.duration(eta.idleMs))}</strong>;
    case 'range':
      return (
        <>
          <span>{eta.isWhole ? words.whole : words.partial}</span> <strong class="drain-eta-span">{words.span(roundSpan(eta))}</strong>
        </>
      );
  }
}

/** Who does not leave by himself; the end that is told leaves them out. */
function staying(line: DrainLine, arriving: number): readonly (readonly [(typeof HINDRANCES)[number] | 'arriving', number])[] {
  if (countHindered(line) + arriving === 0) return [];
  return [...HINDRANCES.map((hindrance) => [hindrance, line.hindered[hindrance]] as const), ['arriving', arriving] as const].filter(
    ([, vms]) => vms > 0,
  );
}
