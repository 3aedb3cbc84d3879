/** What the measuring of progress tells of itself, in plain calls; nobody who calls knows what becomes of it. */
import type { HandlerFailure } from './handler-failure.ts';

/** `not-found`: the API server did not say where the handler is. */
export const MEASURE_OUTCOMES = ['read', 'not-found', 'unreachable', 'status', 'untrusted', 'too-large'] as const satisfies readonly (
  | 'read'
  | 'not-found'
  | HandlerFailure['kind']
)[];
export type MeasureOutcome = (typeof MEASURE_OUTCOMES)[number];

export interface ProgressTelemetry {
  /** A virt-handler was asked. */
  measured(outcome: MeasureOutcome): void;
}
