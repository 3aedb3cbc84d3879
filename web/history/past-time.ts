/**
 * A moment as somebody types it: local times as on the clock beside them, times with a zone, milliseconds as logs have them, and how long
 * ago. Local is what `Date` takes for it.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { isoTime } from '../words/iso-time.ts';

/** `unreadable`: no time at all · `no-such-time`: the 30th of February, or an hour that a change to summer time skips. */
export type TimeProblem = 'unreadable' | 'no-such-time';

const AGO = /^-\s*(\d{1,6})\s*(ms|s|m|min|h|d)$/i;
const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const EPOCH = /^\d{13}$/;
const DAY = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?`;
const ZONE = String.raw`\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?`;
const MOMENT = new RegExp(`^${DAY}(?:[T\\s]\\s*${CLOCK}${ZONE})?$`, 'i');
const TIME_OF_DAY = new RegExp(`^${CLOCK}${ZONE}$`, 'i');

/**
 * `now`: the present on the room's clock. A time of day is the last such time; with a day, a local time that comes twice is the first. Whole
 * milliseconds: the room takes no others.
 */
export function parseTypedTime(text: string, now: number): Result<number, TimeProblem> {
  // Typed with a Chinese keyboard, the marks are twice as wide.
  const typed = text.normalize('NFKC').trim().replaceAll('−', '-');
  const [, amount, unit] = AGO.exec(typed) ?? [];
  if (amount !== undefined && unit !== undefined) return ok(Math.floor(now) - Number(amount) * (UNITS_MS[unit.toLowerCase()] ?? 0));
  if (EPOCH.test(typed)) return ok(Number(typed));
  const moment = MOMENT.exec(typed);
  if (moment !== null) {
    const [, year, month, day, ...clock] = moment;
    return instantOf([Number(year), Number(month), Number(day)], clock);
  }
  const time = TIME_OF_DAY.exec(typed);
  return time === null ? err('unreadable') : lastTimeOfDay(time.slice(1), now);
}

type Day = readonly [year: number, month: number, day: number];
/** Hour, minute, second, fraction, zone, as they were typed; what was left out is undefined. */
type Typed = readonly (string | undefined)[];

function instantOf([year, month, day]: Day, [hour, minute, second, fraction, zone]: Typed): Result<number, TimeProblem> {
  const parts = [year, month - 1, day, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)] as const;
  const ms = Number((fraction ?? '').padEnd(3, '0'));
  const read = zone === undefined ? localParts : utcParts;
  const instant = zone === undefined ? new Date(...parts, ms).getTime() : Date.UTC(...parts, ms);
  // Date goes on counting: the 30th of February is a day in March for it, and an hour that is skipped is the one after.
  const isSame = read(new Date(instant)).every((part, index) => part === parts[index]);
  return isSame ? ok(instant - offsetOf(zone)) : err('no-such-time');
}

const localParts = (date: Date): number[] => [
  date.getFullYear(),
  date.getMonth(),
  date.getDate(),
  date.getHours(),
  date.getMinutes(),
  date.getSeconds(),
];
const utcParts = (date: Date): number[] => [
  date.getUTCFullYear(),
  date.getUTCMonth(),
  date.getUTCDate(),
  date.getUTCHours(),
  date.getUTCMinutes(),
  date.getUTCSeconds(),
];

function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  const length = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -length : length;
}

/** Longer than any clock is set back by. */
const CHANGE_MS = 3 * 3_600_000;

/** The same local time once more, where the clock is set back to summer's end; else the moment itself. */
function repeated(instant: number): number {
  const offsetAt = (at: number): number => new Date(at).getTimezoneOffset() * 60_000;
  const again = instant + offsetAt(instant + CHANGE_MS) - offsetAt(instant);
  return again > instant && localParts(new Date(again)).join() === localParts(new Date(instant)).join() ? again : instant;
}

/** Looked for on this day and the one before, in the zone that was typed. */
function lastTimeOfDay(clock: Typed, now: number): Result<number, TimeProblem> {
  const zone = clock[4];
  const today = new Date(zone === undefined ? now : now + offsetOf(zone));
  const [year = 0, month = 0, day = 0] = zone === undefined ? localParts(today) : utcParts(today);
  let problem: TimeProblem = 'unreadable';
  for (const back of [0, 1]) {
    const date = new Date(Date.UTC(year, month, day - back));
    const found = instantOf([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()], clock);
    if (!found.ok) problem = found.error;
    else {
      const again = zone === undefined ? repeated(found.value) : found.value;
      if (again <= now) return ok(again);
      if (found.value <= now) return found;
    }
  }
  return err(problem);
}

/** What a time box starts with: the same moment, in the form that it takes. */
export function formatTypedTime(at: number): string {
  const [year = 0, month = 0, ...rest] = localParts(new Date(at));
  const [day = 0, ...clock] = rest;
  const two = (part: number): string => String(part).padStart(2, '0');
  const typed = `${year}-${two(month + 1)}-${two(day)} ${clock.map(two).join(':')}`;
  const read = parseTypedTime(typed, at);
  // Of an hour that comes again, the local time alone leads to the first.
  return read.ok && read.value > at - 1_000 ? typed : isoTime(Math.floor(at / 1_000) * 1_000);
}
