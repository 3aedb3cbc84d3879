import { EdgeWords } from '../parts/edge-words.tsx';
import type { ReadFailure } from '../stream/late-answer.ts';
import { useLateWords } from '../words/late-words.ts';
import { readFailureText } from '../words/read-failure-text.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { focusDrawerOf } from './drawer.tsx';

export interface DetailFailureProps {
  readonly failure: ReadFailure | null;
  /** Something was read before, and is shown. */
  readonly hasOlder: boolean;
  readonly onRetry: () => void;
}

/** Says that something could not be read, and what to do. Always there, so that a screen reader hears it when it comes. */
export function DetailFailure({ failure, hasOlder, onRetry }: DetailFailureProps) {
  const late = useLateWords();
  const { details } = useDetailsWords();
  return (
    <div class="detail-failure" role="status">
      {failure !== null && (
        <>
          <p>
            {hasOlder ? details.mayBeOld : details.notLoaded} {readFailureText(failure, late, details)}
            <EdgeWords said={failure.kind === 'refused' ? failure.detail : undefined} />
          </p>
          <button
            type="button"
            class="action"
            onClick={({ currentTarget }) => {
              focusDrawerOf(currentTarget);
              onRetry();
            }}
          >
            {details.retry}
          </button>
        </>
      )}
    </div>
  );
}

/** The shape of what is coming. */
export function DetailPending() {
  const { details } = useDetailsWords();
  return (
    <div class="detail-pending" role="status">
      <span class="unseen">{details.loading}</span>
      <span />
      <span />
      <span />
    </div>
  );
}
