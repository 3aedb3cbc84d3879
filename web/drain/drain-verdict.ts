/**
 * Whether a host may be powered off, as the page may say it: the room's answer, as long as the picture is live and nothing that is shown
 * beside it says otherwise. The no of a picture that is not live is told, with its time, for that harms nobody; its yes never.
 */
import type { Drain } from '../../core/model.ts';

export type Verdict =
  | { readonly answer: 'yes' | 'no' | 'off' }
  /** The room says yes, and VMs are shown here. */
  | { readonly answer: 'unknown'; readonly why: 'contradiction' }
  | { readonly answer: 'unknown'; readonly why: 'old' | 'past'; readonly no: PastNo };

/**
 * `moment`: at the moment that is shown · `heard`: when the cluster last spoke, which was before that moment. Null: it said no such thing,
 * and what it said counts no more.
 */
export type PastNo = 'moment' | 'heard' | null;

/**
 * Which picture is shown. `live` the badge says so · `old` it was live once · `past` a moment of the past · `silent-past` one at which
 * the cluster had not spoken for a while.
 */
export type ShownPicture = 'live' | 'old' | 'past' | 'silent-past';

export interface VerdictFacts {
  readonly drain: Pick<Drain, 'safe' | 'because'>;
  readonly picture: ShownPicture;
  /** VMs that are shown on the host, or on their way to it. */
  readonly shown: number;
}

export function selectVerdict({ drain, picture, shown }: VerdictFacts): Verdict {
  if (picture === 'old') return { answer: 'unknown', why: 'old', no: drain.safe ? null : 'heard' };
  if (picture !== 'live') return { answer: 'unknown', why: 'past', no: drain.safe ? null : picture === 'past' ? 'moment' : 'heard' };
  if (!drain.safe) return { answer: 'no' };
  if (shown > 0) return { answer: 'unknown', why: 'contradiction' };
  return { answer: drain.because === 'off' ? 'off' : 'yes' };
}
