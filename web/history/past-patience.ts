/** Asks the room about its past until it answers or refuses. A shell: how long to wait is decided in past-answer.ts. */
import type { Result } from '../../core/result.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import { type PastFailure, pastFailureOf } from './past-answer.ts';

/** Null where it is refused, or not wanted any more. `told` is called with each failure, and with null where it went on after one. */
export async function askPatiently<Value>(
  ask: () => Promise<Result<Value, ReadFailure>>,
  aborted: AbortSignal,
  told: (failure: PastFailure | null) => void = () => {},
): Promise<Value | null> {
  for (let failures = 0; !aborted.aborted; failures++) {
    const answer = await ask();
    if (aborted.aborted) break;
    if (answer.ok) {
      if (failures > 0) told(null);
      return answer.value;
    }
    const failure = pastFailureOf(answer.error, failures);
    told(failure);
    if (failure.kind !== 'later') break;
    await wait(failure.waitMs, aborted);
  }
  return null;
}

function wait(ms: number, aborted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      aborted.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    aborted.addEventListener('abort', end);
  });
}
