import { useLateWords } from '../words/late-words.ts';
import type { Stretch } from './past-scale.ts';
import { gapsOf } from './silences.ts';
import type { EndsInTime } from './timeline-model.ts';

export interface SilenceBandsProps {
  readonly stretch: Stretch;
  readonly ends: EndsInTime;
}

/** A narrower band has no room for words. */
const LEAST_WORDS_WIDTH = 0.2;
const percent = (fraction: number): string => `${fraction * 100}%`;

/** When the cluster was not heard: no bar there does not mean that nothing moved. Inside an SVG of another part, which tells it in words. */
export function SilenceBands({ stretch, ends: { silences } }: SilenceBandsProps) {
  const { history: words } = useLateWords();
  return (
    <g class="silences">
      {gapsOf(stretch, silences).map(({ from, left, width }) => (
        <g key={from}>
          <rect class="silence" x={percent(left)} width={percent(width)} y="0" height="100%">
            <title>{words.notHeard}</title>
          </rect>
          {width >= LEAST_WORDS_WIDTH && (
            <text class="silence-word" x={percent(left + width / 2)} y="1.1em" text-anchor="middle">
              {words.notHeard}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}
