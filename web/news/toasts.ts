/**
 * The notes in the corner of a board. One is about one matter: the moves away from a host, a host that went down, a drain, a VM in danger.
 * What happens to the same matter while its note is there is added to it; where there would be too many, all of one topic become one. Pure.
 */
import type { Happening } from './happenings.ts';
import { addToPile, EMPTY_PILE, isEnd, itemsOf, type Pile, sift } from './pile.ts';

export const MAX_TOASTS_COUNT = 4;
export const TOAST_MS = 6_000;
/** What went wrong stays longer. */
export const ALARM_TOAST_MS = 30_000;
/** Who comes back is told what happened meanwhile, once the stream has had this long to say it. */
export const RETURN_MS = 1_000;

/** `away`: all that happened while nobody looked. */
export type Topic = 'moves' | 'hosts' | 'drains' | 'dangers' | 'away';
/** `alarm` needs a person. */
export type Tone = 'plain' | 'warning' | 'alarm';

export interface Toast {
  readonly serial: number;
  readonly topic: Topic;
  /** The host or VM that it is about; null: several. */
  readonly subject: string | null;
  readonly pile: Pile;
  /** When it goes, on the clock of the events, in milliseconds. */
  readonly until: number;
}

export interface Toasts {
  /** Oldest first. */
  readonly shown: readonly Toast[];
  readonly nextSerial: number;
  /** While somebody points at them they stay: since when. */
  readonly heldSince: number | null;
  /** What happened while nobody looked; null while somebody does. `since`: when the reader came back; null while still away. */
  readonly away: { readonly pile: Pile; readonly since: number | null } | null;
}

export const NO_TOASTS: Toasts = { shown: [], nextSerial: 1, heldSince: null, away: null };

export type ToastEvent =
  | { readonly name: 'happened'; readonly happenings: readonly Happening[] }
  /** The picture changed, or how live it is: what does not hold any more is taken back. */
  | { readonly name: 'checked'; readonly holds: (happening: Happening) => boolean }
  | { readonly name: 'dismissed'; readonly serial: number }
  /** Somebody points at them or has the focus there, or does not any more. */
  | { readonly name: 'held'; readonly isHeld: boolean }
  /** The tab is hidden, or seen again. */
  | { readonly name: 'seen'; readonly isSeen: boolean }
  /** Time went by. `isConnected`: the stream has spoken since it was last opened. */
  | { readonly name: 'ticked'; readonly isConnected: boolean }
  /** The past is shown, or another board. */
  | { readonly name: 'cleared' };

/** `at`: any steady clock, in milliseconds. The same object where nothing changes. */
export function nextToasts(toasts: Toasts, event: ToastEvent, at: number): Toasts {
  const next = read(toasts, event, at);
  // What goes under the pointer tells nobody that the pointer has left it.
  return next.heldSince !== null && next.shown.length === 0 ? { ...next, heldSince: null } : next;
}

function read(toasts: Toasts, event: ToastEvent, at: number): Toasts {
  switch (event.name) {
    case 'happened':
      return happened(toasts, event.happenings.filter(isWorthToast), at);
    case 'checked':
      return check(toasts, event.holds);
    case 'dismissed':
      return { ...toasts, shown: toasts.shown.filter(({ serial }) => serial !== event.serial) };
    case 'held':
      return hold(toasts, event.isHeld, at);
    case 'seen':
      return see(toasts, event.isSeen, at);
    case 'ticked':
      return tick(toasts, event.isConnected, at);
    case 'cleared':
      return { ...NO_TOASTS, nextSerial: toasts.nextSerial, away: toasts.away && { ...toasts.away, pile: EMPTY_PILE } };
  }
}

/** A VM that starts moving is seen on the board, and there will be more to say of it. */
const isWorthToast = ({ kind }: Happening): boolean => kind !== 'started';

function happened(toasts: Toasts, happenings: readonly Happening[], at: number): Toasts {
  if (happenings.length === 0) return toasts;
  const { away } = toasts;
  if (away !== null) return { ...toasts, away: { ...away, pile: addToPile(away.pile, happenings) } };
  const groups = Map.groupBy(happenings, (happening) => JSON.stringify(matterOf(happening)));
  return [...groups.values()].reduce((next, group) => put(next, group, at), toasts);
}

/** `group`: of one matter. */
function put(toasts: Toasts, group: readonly Happening[], at: number): Toasts {
  const [first] = group;
  if (first === undefined) return toasts;
  const { topic, subject } = matterOf(first);
  const own = toasts.shown.find((toast) => toast.topic === topic && (toast.subject === subject || toast.subject === null));
  const until = at + lifeOf(group);
  if (own !== undefined) {
    const grown: Toast = { ...own, pile: addToPile(own.pile, group), until: Math.max(own.until, until) };
    return { ...toasts, shown: toasts.shown.map((toast) => (toast === own ? grown : toast)) };
  }
  const added: Toast = { serial: toasts.nextSerial, topic, subject, pile: addToPile(EMPTY_PILE, group), until };
  return { ...toasts, nextSerial: toasts.nextSerial + 1, shown: makeRoom([...toasts.shown, added]) };
}

const lifeOf = (happenings: readonly Happening[]): number => (toneOf(happenings) === 'plain' ? TOAST_MS : ALARM_TOAST_MS);

/** Where there are too many, those of the topic that has most become one; where no topic has two, the oldest that matters least goes. */
function makeRoom(shown: readonly Toast[]): readonly Toast[] {
  if (shown.length <= MAX_TOASTS_COUNT) return shown;
  const groups = [...Map.groupBy(shown, ({ topic }) => topic).values()];
  const [largest = []] = groups.sort((a, b) => b.length - a.length);
  const [first, second] = largest;
  if (first === undefined || second === undefined) {
    const least = shown.find(({ pile }) => toneOf(itemsOf(pile)) === 'plain') ?? shown[0];
    return shown.filter((toast) => toast !== least);
  }
  const merged: Toast = {
    ...first,
    subject: null,
    pile: addToPile(
      EMPTY_PILE,
      largest.flatMap(({ pile }) => itemsOf(pile)),
    ),
    until: Math.max(...largest.map(({ until }) => until)),
  };
  return shown.flatMap((toast) => (toast === first ? [merged] : largest.includes(toast) ? [] : [toast]));
}

function matterOf(happening: Happening): Pick<Toast, 'topic' | 'subject'> {
  if (isEnd(happening)) return { topic: 'moves', subject: happening.from ?? '' };
  switch (happening.kind) {
    case 'danger':
      // It came with its host, which has a note of its own.
      if (happening.danger === 'dead-host') return { topic: 'hosts', subject: happening.host };
      return { topic: 'dangers', subject: happening.vm };
    case 'started':
      return { topic: 'moves', subject: happening.from ?? '' };
    case 'down':
    case 'up':
      return { topic: 'hosts', subject: happening.host };
    default:
      return { topic: 'drains', subject: happening.host };
  }
}

export function toneOf(happenings: readonly Happening[]): Tone {
  const tones = happenings.map(toneOfOne);
  return tones.includes('alarm') ? 'alarm' : tones.includes('warning') ? 'warning' : 'plain';
}

function toneOfOne(happening: Happening): Tone {
  switch (happening.kind) {
    case 'danger':
    case 'unsafe':
      return 'alarm';
    case 'down':
      return happening.isPlanned ? 'plain' : 'alarm';
    case 'failed':
      return happening.isLoop ? 'alarm' : 'warning';
    case 'ended':
      return 'warning';
    default:
      return 'plain';
  }
}

function check(toasts: Toasts, holds: (happening: Happening) => boolean): Toasts {
  const { shown, away } = toasts;
  const sifted = shown.map((toast) => {
    const pile = sift(toast.pile, holds);
    return pile === toast.pile ? toast : { ...toast, pile };
  });
  const left = away === null ? null : siftAway(away, holds);
  if (left === away && sifted.every((toast, index) => toast === shown[index])) return toasts;
  return { ...toasts, shown: sifted.filter(({ pile }) => pile.size > 0), away: left };
}

function siftAway(away: NonNullable<Toasts['away']>, holds: (happening: Happening) => boolean): Toasts['away'] {
  const pile = sift(away.pile, holds);
  return pile === away.pile ? away : { ...away, pile };
}

function hold(toasts: Toasts, isHeld: boolean, at: number): Toasts {
  if (isHeld === (toasts.heldSince !== null)) return toasts;
  if (isHeld) return { ...toasts, heldSince: at };
  const length = at - (toasts.heldSince ?? at);
  return { ...toasts, heldSince: null, shown: toasts.shown.map((toast) => ({ ...toast, until: toast.until + length })) };
}

function see(toasts: Toasts, isSeen: boolean, at: number): Toasts {
  const { away } = toasts;
  if (!isSeen) return { ...toasts, heldSince: null, away: { pile: away?.pile ?? EMPTY_PILE, since: null } };
  return away === null || away.since !== null ? toasts : { ...toasts, away: { ...away, since: at } };
}

function tick(toasts: Toasts, isConnected: boolean, at: number): Toasts {
  const { away, shown, heldSince } = toasts;
  if (away !== null) {
    if (away.since === null || !isConnected || at - away.since < RETURN_MS) return toasts;
    return { ...tellAway(toasts, away.pile, at), away: null };
  }
  if (heldSince !== null || shown.every(({ until }) => until > at)) return toasts;
  return { ...toasts, shown: shown.filter(({ until }) => until > at) };
}

/** What was shown before the reader left is old by now, or part of what is told. */
function tellAway(toasts: Toasts, pile: Pile, at: number): Toasts {
  const left = toasts.shown.filter(({ until }) => until > at);
  if (pile.size === 0) return { ...toasts, shown: left };
  const told: Toast = { serial: toasts.nextSerial, topic: 'away', subject: null, pile, until: at + lifeOf(itemsOf(pile)) };
  return { ...toasts, nextSerial: toasts.nextSerial + 1, shown: makeRoom([...left, told]) };
}
