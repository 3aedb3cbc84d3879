/** How far the emptying of a host has come, and whether it may be powered off, in words: pure, so that a table can hold it to them. */
import type { Drain } from '../core/model.ts';
import type { LateMessages } from './en-late.ts';

/** What there is to say, each part only where it is not nothing. `since` is the time it began, in words. */
export function selectDrainFacts(drain: Drain, words: LateMessages['drain'], since: string | undefined): string[] {
  const { here, moving, stopping, waiting, stuck, arriving, were } = drain;
  const gone = Math.max(0, were - here);
  const unasked = Math.max(0, here - moving - stopping - waiting - stuck);
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

/**
 * What follows the answer whether it is safe to power a host off. A picture that is not live has no answer: its last no is told, for
 * that harms nobody, and its last yes never. `heard`: when the cluster last spoke, in words.
 */
export function selectSafeReason(drain: Drain, words: LateMessages['drain'], isLive: boolean, heard: string | undefined): string {
  if (!isLive) return drain.safe ? (heard === undefined ? '' : words.lastPicture(heard)) : words.wasNo(words.because(drain), heard);
  return drain.because === 'off' ? '' : ` — ${words.because(drain)}`;
}
