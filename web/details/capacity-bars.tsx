import type { HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { barOf, type Capacity, capacityOf } from './capacity.ts';
import { capacityText } from './capacity-text.ts';

/** A host's CPU and memory beside those of its VMs. The bars say nothing that the numbers do not. */
export function CapacityBars({ name }: { readonly name: HostName }) {
  const { cluster } = useSession();
  const { capacity: words } = useLateWords();
  const vmsIn = (lane: 'settled' | 'leaving' | 'arriving') => cluster.lane(lane, name).value.flatMap((id) => cluster.vm(id) ?? []);
  const { cpu, memory } = capacityOf(cluster.host(name), [...vmsIn('settled'), ...vmsIn('leaving')], vmsIn('arriving'));
  return (
    <div class="capacity">
      <CapacityBar capacity={cpu} of="cpu" />
      <CapacityBar capacity={memory} of="memory" />
      <p class="capacity-hint">{words.hint}</p>
    </div>
  );
}

const PERCENT = 100;
const HATCH_ID = 'capacity-hatch';

function CapacityBar({ capacity, of }: { readonly capacity: Capacity; readonly of: 'cpu' | 'memory' }) {
  const { formats } = useWords();
  const { capacity: words } = useLateWords();
  const bar = barOf(capacity);
  const text = capacityText(capacity, of, words, formats);
  const hatch = `${HATCH_ID}-${of}`;
  const percent = (part: number): string => `${part * PERCENT}%`;
  return (
    <div class="capacity-one">
      <p class="capacity-head">
        <strong>{words[of].name}</strong>
        <span data-over={text.isOver ? of : undefined}>{text.head}</span>
      </p>
      {bar !== null && (
        <svg class="capacity-bar" aria-hidden="true">
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="capacity-stroke" width="3" height="6" />
          </pattern>
          <rect class="capacity-here" width={percent(bar.here)} height="100%" />
          <rect x={percent(bar.here)} width={percent(bar.arriving)} height="100%" fill={`url(#${hatch})`} />
          {bar.allocatable < 1 && <rect class="capacity-limit" x={percent(bar.allocatable)} width="2" height="100%" />}
        </svg>
      )}
      {text.lines.map((line) => (
        <p key={line} class="capacity-line">
          {line}
        </p>
      ))}
    </div>
  );
}
