import type { Drain } from '../../core/model.ts';
import { useWords } from '../page/context.ts';
import { useDrainWords } from '../words/view-words.ts';
import { type BarPart, selectBar } from './drain-bar.ts';

/** How far a host has been emptied: its parts to scale, and their numbers, which are its legend and say the same in words. */
export function DrainBar({ drain }: { readonly drain: Drain }) {
  const parts = selectBar(drain);
  return (
    <div class="drain-progress">
      <svg class="drain-bar" aria-hidden="true">
        {parts.map(
          ({ part, from, share }) =>
            share > 0 && <rect key={part} class="drain-bar-part" data-part={part} x={percent(from)} width={percent(share)} height="100%" />,
        )}
      </svg>
      <dl class="counts drain-numbers">
        {parts.map((each) => (
          <Part key={each.part} {...each} />
        ))}
      </dl>
    </div>
  );
}

const percent = (share: number): string => `${share * 100}%`;

function Part({ part, vms }: BarPart) {
  const { formats } = useWords();
  const words = useDrainWords();
  return (
    <div data-part={part} data-quiet={vms === 0 ? 'true' : undefined}>
      <dt>
        <svg class="drain-swatch" data-part={part} aria-hidden="true">
          <rect class="drain-bar-part" data-part={part} width="100%" height="100%" />
        </svg>
        {words.parts[part]}
      </dt>
      <dd data-count={part}>{formats.number(vms)}</dd>
    </div>
  );
}
