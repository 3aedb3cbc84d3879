import type { ReadFailure } from '../stream/late-answer.ts';
import type { LateMessages } from './en-late.ts';

/** Why something could not be read, in a sentence. */
export function readFailureText(failure: ReadFailure, late: LateMessages): string {
  switch (failure.kind) {
    case 'refused':
      return failure.detail ?? late.refusals[failure.refusal].text;
    case 'trouble':
      return late.troubles[failure.trouble];
    case 'unknown-vm':
      return late.details.gone;
    case 'too-many-reads':
      return late.details.tooManyReads(Math.ceil(failure.retryAfterMs / 1_000));
    default:
      return late.troubles.server;
  }
}
