/** How far the emptying of a host has come, and whether it may be powered off, in words: pure, so that a table can hold it to them. */
import type { Drain } from '../../core/model.ts';
import type { LateMessages } from '../words/en-late.ts';
import { countRest } from './drain-bar.ts';
import type { Verdict } from './drain-verdict.ts';

/** What there is to say, each part only where it is not nothing. `since` is the time it began, in words. */
export function selectDrainFacts(drain: Drain, words: LateMessages['drain'], since: string | undefined): string[] {
  const { moving, stopping, waiting, stuck, arriving, were } = drain;
  const { gone, unasked } = countRest(drain);
  return [
    ...(gone > 0 ? [words.gone(gone, were, drain.since === null)] : []),
    ...(moving > 0 ? [words.moving(moving)] : []),
    ...(stopping > 0 ? [words.stopping(stopping)] : []),
    ...(waiting > 0 ? [words.waiting(waiting)] : []),
    ...(stuck > 0 ? [words.stuck(stuck)] : []),
    ...(unasked > 0 ? [words.unasked(unasked)] : []),
    ...(arriving > 0 ? [words.arriving(arriving)] : []),
    ...(since === undefined ? [] : [words.since(since)]),
  ];
}

/** What follows the answer whether it is safe to power a host off (drain-verdict.ts). `heard`: when the cluster last spoke, in words. */
export function selectSafeReason(drain: Drain, verdict: Verdict, words: LateMessages['drain'], heard: string | undefined): string {
  if (verdict.answer === 'off') return '';
  if (verdict.answer !== 'unknown') return ` — ${words.because(drain)}`;
  if (verdict.why === 'contradiction') return words.contradiction;
  if (verdict.no !== null) return words.no[verdict.no](words.because(drain), heard);
  return verdict.why === 'past' ? words.past : words.old(heard);
}
