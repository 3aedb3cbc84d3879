/** What has happened, in words: a sentence for one thing, a sum for several of a kind. Pure. */
import type { Messages } from '../words/en.ts';
import type { LateMessages } from '../words/en-late.ts';
import type { Formats } from '../words/format.ts';
import type { Happening } from './happenings.ts';

export interface HappeningWords {
  readonly words: Messages;
  readonly late: LateMessages;
  readonly formats: Formats;
}

export interface TextOptions {
  /** Says why a single migration failed: as long as Kubernetes words it. */
  readonly hasReasons?: boolean;
}

/** Of several hosts, how many are named. */
const NAMED_HOSTS_COUNT = 3;

/** In the order in which they are told. */
const KINDS: readonly Happening['kind'][] = [
  'down',
  'danger',
  'unsafe',
  'drained',
  'maintained',
  'up',
  'moved',
  'started',
  'failed',
  'aborted',
  'ended',
];

/** Empty where nothing has happened. */
export function happeningsText(happenings: readonly Happening[], words: HappeningWords, options: TextOptions = {}): string {
  const groups = Map.groupBy(happenings, ({ kind }) => kind);
  const told = KINDS.flatMap((kind) => {
    const group = groups.get(kind);
    return group === undefined ? [] : [groupText(group, words, options)];
  });
  return words.formats.list(told);
}

function groupText(group: readonly Happening[], { words, late, formats }: HappeningWords, { hasReasons = false }: TextOptions): string {
  const { announce, notes } = late;
  const [first] = group;
  if (first === undefined) return '';
  const count = group.length;
  const isOne = count === 1;
  switch (first.kind) {
    case 'moved':
    case 'started':
      return isOne ? announce[first.kind].one(first.name, first.to) : announce[first.kind].many(count, commonSource(group));
    case 'failed': {
      if (!isOne) return announce.failed.many(count);
      const text = first.isLoop ? announce.loop(first.name) : announce.failed.one(first.name, first.to);
      return hasReasons && first.reason !== undefined ? notes.because(text, first.reason) : text;
    }
    case 'aborted':
    case 'ended':
      return isOne ? announce[first.kind].one(first.name, first.to) : announce[first.kind].many(count);
    case 'danger':
      return isOne
        ? notes.because(first.name, first.danger === 'error' ? words.states.error : late.dangers[first.danger])
        : announce.attention(count);
    case 'down':
      return isOne ? notes.because(first.name, words.hostStates[first.state]) : announce.down(hostNames(group, late, formats));
    default:
      return announce[first.kind](hostNames(group, late, formats), count);
  }
}

/** The host that all of them left; null where it is not one. */
function commonSource(group: readonly Happening[]): string | null {
  const sources = new Set(group.map((happening) => ('from' in happening ? happening.from : null)));
  const [source = null] = sources;
  return sources.size === 1 ? source : null;
}

function hostNames(group: readonly Happening[], { announce }: LateMessages, formats: Formats): string {
  const named = group.slice(0, NAMED_HOSTS_COUNT).map(({ name }) => name);
  const others = group.length - named.length;
  return formats.list(others === 0 ? named : [...named, announce.others(others)]);
}
