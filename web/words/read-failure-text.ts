import type { DetailsMessages } from '../details/details-words-en.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import type { LateMessages } from './en-late.ts';

/** Why something could not be read, in a sentence. */
export function readFailureText(failure: ReadFailure, late: LateMessages, details: DetailsMessages['details']): string {
  switch (failure.kind) {
    case 'refused':
      return late.refusals[failure.refusal].text;
    case 'trouble':
      return late.troubles[failure.trouble];
    case 'unknown-vm':
      return details.gone;
    case 'too-many-reads':
      return details.tooManyReads(Math.ceil(failure.retryAfterMs / 1_000));
    default:
      return late.troubles.server;
  }
}
