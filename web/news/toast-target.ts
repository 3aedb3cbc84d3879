/** Where what has happened leads: to the one thing that it is about, else to where all of them are. Pure. */

import type { PageState } from '../page/page-state.ts';
import type { Happening } from './happenings.ts';
import { isEnd } from './pile.ts';

type Target = Partial<PageState>;

const NOTHING_SELECTED = { host: null, vm: null } as const;

export function targetOf(happenings: readonly Happening[]): Target {
  const [first, second] = happenings;
  if (first !== undefined && second === undefined && 'vm' in first) return { ...NOTHING_SELECTED, vm: first.vm };
  const hosts = new Set(happenings.map(hostOf));
  const [host = null] = hosts.size === 1 ? hosts : [];
  // Those that did not succeed are told apart in the list of migrations alone.
  if (happenings.some((happening) => isEnd(happening) && happening.kind !== 'moved')) return MIGRATIONS;
  if (first !== undefined && happenings.every(isOfDrain)) return { ...NOTHING_SELECTED, picture: 'drain', host };
  if (host !== null) return { ...NOTHING_SELECTED, host };
  return happenings.some(isEnd) ? MIGRATIONS : { ...NOTHING_SELECTED, picture: 'board' };
}

const MIGRATIONS: Target = { ...NOTHING_SELECTED, picture: 'migrations' };

const isOfDrain = ({ kind }: Happening): boolean => kind === 'drained' || kind === 'maintained' || kind === 'unsafe';

/** The host that it is about: for a move the one that was left. */
const hostOf = (happening: Happening): string | null => ('from' in happening ? happening.from : happening.host);
