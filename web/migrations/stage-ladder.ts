/** The stages of a migration as a ladder: what is behind it, where it is, what is ahead. Pure. */
import type { StageSpan } from '../../core/history.ts';
import { TRANSIT_STAGES, type TransitStage } from '../../core/model.ts';

/** In the order in which KubeVirt goes through them; an abort can come after any. */
const UPWARD: readonly TransitStage[] = TRANSIT_STAGES.filter((stage) => stage !== 'aborting');

export interface Rung {
  readonly stage: TransitStage;
  readonly state: 'done' | 'now' | 'ahead';
  /** What the room saw of it; undefined where it saw nothing, or where that is not known. */
  readonly span: StageSpan | undefined;
  /** False: the times are not known, or older than the picture; that they lack it says nothing. */
  readonly isTold: boolean;
}

/**
 * The rungs of a migration in flight. `spans` can be older or newer than `stage`, for they come with an answer of their own: what is painted
 * decides where it is, they only tell how long things took. Null: not known, or not yet.
 */
export function stageLadder(stage: TransitStage, spans: readonly StageSpan[] | null): Rung[] {
  const spanOf = (wanted: TransitStage): StageSpan | undefined => spans?.find((span) => span.stage === wanted);
  // The room has seen the stage that is painted: an answer without it is an older one, and the last stage that it has was not over.
  const isCurrent = spanOf(stage) !== undefined;
  const lasting = isCurrent ? undefined : spans?.at(-1)?.stage;
  const rungOf = (each: TransitStage, state: Rung['state']): Rung => {
    const span = state === 'ahead' || each === lasting ? undefined : spanOf(each);
    return { stage: each, state, span, isTold: isCurrent || span !== undefined };
  };
  // It will not go further up, and of what nobody saw nobody knows whether it was reached.
  if (stage === 'aborting') {
    return [...UPWARD.filter((each) => spanOf(each) !== undefined).map((each) => rungOf(each, 'done')), rungOf(stage, 'now')];
  }
  const reached = UPWARD.indexOf(stage);
  return UPWARD.map((each, index) => rungOf(each, index < reached ? 'done' : index === reached ? 'now' : 'ahead'));
}

/** What of the spans had been seen by that moment, on the room's clock. */
export function spansUntil(spans: readonly StageSpan[], at: number): StageSpan[] {
  return spans
    .filter((span) => span.at <= at)
    .map((span) => (span.durationMs !== null && span.at + span.durationMs > at ? { ...span, durationMs: null } : span));
}
