import type { StageSpan } from '../../core/history.ts';
import type { TransitStage } from '../../core/model.ts';
import { useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { useDetailsWords } from '../words/view-words.ts';
import { type Rung, stageLadder } from './stage-ladder.ts';
import { StageLength } from './stage-length.tsx';

export interface StageLadderProps {
  readonly stage: TransitStage;
  /** Null: not known, or not yet. */
  readonly spans: readonly StageSpan[] | null;
}

/** All stages in order: which are over and how long each took, which one it is in, and what is ahead. */
export function StageLadder({ stage, spans }: StageLadderProps) {
  const { words } = useWords();
  const { ladder } = useDetailsWords();
  return (
    <ol class="ladder" aria-label={ladder.title}>
      {stageLadder(stage, spans).map((rung) => (
        <li key={rung.stage} data-rung={rung.state} aria-current={rung.state === 'now' ? 'step' : undefined}>
          <span>
            {words.stages[rung.stage]}
            <span class="unseen">, {ladder[rung.state]}</span>
          </span>
          <span class="ladder-time">
            <RungTime rung={rung} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function RungTime({ rung: { state, span, isTold } }: { readonly rung: Rung }) {
  const { ladder } = useDetailsWords();
  if (!isTold || state === 'ahead') return null;
  if (span === undefined) return <>{state === 'done' ? ladder.unseen : null}</>;
  if (state === 'done') return <StageLength span={span} />;
  return (
    <>
      {span.unwatched === true && `${ladder.atLeast} `}
      <Elapsed since={span.at} />
    </>
  );
}
