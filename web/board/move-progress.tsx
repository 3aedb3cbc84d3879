import type { Transit } from '../../core/model.ts';
import type { Progress } from '../../core/progress.ts';
import { useWords } from '../page/context.ts';
import type { LateMessages } from '../words/en-late.ts';
import type { Formats } from '../words/format.ts';
import { percentText } from '../words/late-format.ts';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { useProgress } from './progress-model.ts';

/** How far a move is, on its chip; nothing where nobody measures it. All of it is text to a reader: the chip is a button. */
export function MoveProgress({ transit }: { readonly transit: Transit }) {
  const { formats } = useWords();
  const late = useLateWords();
  const progress = useProgress(transit);
  if (progress === undefined) return null;
  return (
    <>
      {progress.percent !== undefined && <Bar percent={progress.percent} />}
      <span class="note" data-note="progress">
        {progressParts(progress, late, formats).map((part, index) => (
          <>
            {index > 0 && ' · '}
            <span class="whole">{part}</span>
          </>
        ))}
      </span>
      {progress.stuck === true && (
        <span class="note" data-note="danger">
          {stuckText(progress, late)}
        </span>
      )}
    </>
  );
}

/** The same with a progressbar's values, in the details. */
export function ProgressFact({ transit }: { readonly transit: Transit }) {
  const { formats } = useWords();
  const late = useLateWords();
  const progress = useProgress(transit);
  if (progress === undefined) return <>{late.progress.unknown}</>;
  const text = progressParts(progress, late, formats).join(' · ');
  return (
    <>
      {progress.percent !== undefined && (
        <span
          role="progressbar"
          aria-label={late.progress.label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(progress.percent)}
          aria-valuetext={text}
        >
          <Bar percent={progress.percent} />
        </span>
      )}
      {text}
      {progress.stuck === true && (
        <span class="note" data-note="danger">
          {stuckText(progress, late)}
        </span>
      )}
    </>
  );
}

const Bar = ({ percent }: { readonly percent: number }) => (
  <span class="move-bar" aria-hidden="true">
    <span style={{ inlineSize: `${percent}%` }} />
  </span>
);

/** What is not known is not said. A share is never rounded up: 100% is for what is over. */
function progressParts({ percent, remaining, rate, dirtyRate }: Progress, { progress: words }: LateMessages, formats: Formats): string[] {
  return [
    percent !== undefined && percentText(Math.floor(percent) / 100, formats),
    remaining !== undefined && words.left(memoryText(remaining, formats)),
    rate !== undefined && words.rate(memoryText(rate, formats)),
    dirtyRate !== undefined && words.dirtyRate(memoryText(dirtyRate, formats)),
  ].filter((part) => part !== false);
}

/** Why it does not end, as far as it was measured. */
function stuckText({ rate = Number.POSITIVE_INFINITY, dirtyRate = 0 }: Progress, { progress: words }: LateMessages): string {
  return dirtyRate >= rate ? words.outrun : words.stuck;
}
