/**
 * What of a cluster's address the late parts read: which picture of it is shown, what is selected, searched and grouped, and which moment
 * of the past it is. All of it stands in the address, so that a link or a reload shows the same (SPEC V1). Bad input is ignored:
 * an address is typed by hand, and cut by mail programs. Only a moment that cannot be read is not: the present would be shown in its place.
 */
import type { HostName, VmId } from '../../core/model.ts';

/** `drain` needs a selected host; without one it is the overview of all hosts that are being emptied. */
export const PICTURES = ['board', 'table', 'migrations', 'drain'] as const;
export type Picture = (typeof PICTURES)[number];

export interface PageState {
  readonly picture: Picture;
  /** At most one of the two is selected, but on the drain board, which stays that of its host while a VM is looked at. */
  readonly host: HostName | null;
  readonly vm: VmId | null;
  /** The query as it was typed (query.ts reads it). */
  readonly query: string;
  /** What does not match is hidden instead of dimmed. */
  readonly isHiding: boolean;
  /** Empty for the usual one: the board's cards are hosts (grouping.ts). */
  readonly group: string;
  /** Empty for the usual one, by name; a minus in front turns it around (sorting.ts). */
  readonly sort: string;
  /** The moment of the past that is shown, in milliseconds on the room's clock; null: now. */
  readonly at: number | null;
  /** The page hangs on a wall; in seconds, how long each cluster is shown. */
  readonly wall: number | null;
}

export const PLAIN_STATE: PageState = {
  picture: 'board',
  host: null,
  vm: null,
  query: '',
  isHiding: false,
  group: '',
  sort: '',
  at: null,
  wall: null,
};

const DEFAULT_WALL_SECONDS = 20;
const MIN_WALL_SECONDS = 5;
const MAX_WALL_SECONDS = 3_600;
/** What a query may be long: longer ones are no search any more, and an address has its own limit. */
export const MAX_QUERY_CHARS = 500;

/** `rest` and `search` as in route.ts. */
export function parsePageState(rest: string, search: string): PageState {
  const params = new URLSearchParams(search);
  const text = (key: string): string => (params.get(key) ?? '').slice(0, MAX_QUERY_CHARS).toWellFormed();
  const picture = PICTURES.find((known) => known === params.get('view')) ?? 'board';
  return {
    picture,
    ...parseSelection(rest, picture === 'drain' ? text('host') : ''),
    query: text('q'),
    isHiding: params.has('hide'),
    group: text('group'),
    sort: text('sort'),
    at: parseMoment(params.get('at')),
    wall: parseWall(params.get('wall')),
  };
}

export function formatPageState(state: PageState): { readonly rest: string; readonly search: string } {
  const params = new URLSearchParams();
  const put = (key: string, value: string): void => {
    if (value !== '') params.set(key, value);
  };
  put('view', state.picture === 'board' ? '' : state.picture);
  put('host', state.picture === 'drain' && state.vm !== null ? (state.host ?? '') : '');
  put('q', state.query);
  put('hide', state.isHiding ? 'yes' : '');
  put('group', state.group);
  put('sort', state.sort);
  put('at', state.at === null ? '' : new Date(state.at).toISOString());
  put('wall', state.wall === null ? '' : String(state.wall));
  // Colons and slashes mean nothing in a query and are easier to read as they are.
  const search = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return { rest: formatSelection(state), search: search === '' ? '' : `?${search}` };
}

/** `drained`: whose drain board it is, where a VM is selected; empty for none. */
function parseSelection(rest: string, drained: string): Pick<PageState, 'host' | 'vm'> {
  const [, kind, ...names] = rest.split('/').map(decode);
  if (names.includes(null)) return { host: null, vm: null };
  if (kind === 'h') return { host: names.join('/'), vm: null };
  // No namespace and no name has a slash: an address of such a one would lead elsewhere.
  if (kind !== 'vm' || names.some((name) => name?.includes('/'))) return { host: null, vm: null };
  return { host: drained === '' ? null : drained, vm: names.join('/') };
}

const formatSelection = ({ host, vm }: Pick<PageState, 'host' | 'vm'>): string =>
  vm !== null ? `/vm/${vm.split('/').map(encodeURIComponent).join('/')}` : host !== null ? `/h/${encodeURIComponent(host)}` : '';

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Stands for one that cannot be read. Nothing is kept of it (a millisecond before 1970). */
export const UNREADABLE_MOMENT = -1;
/** `Date.parse` takes anything for a time that has a number in it. */
const ISO_DATE = /^(\d{4}-\d\d)-(\d\d)/;
/** A plus that stands for itself in an offset reads as a space. */
const LOST_PLUS = /(?<=:\d\d(?:\.\d+)?) (?=\d\d:?\d\d$)/;

function parseMoment(text: string | null): number | null {
  if (!text) return null;
  const [, month, day] = ISO_DATE.exec(text) ?? [];
  // It takes the 31st of February for the 3rd of March.
  const isDay = new Date(`${month}-${day}`).getUTCDate() === Number(day);
  const at = Date.parse(text.replace(LOST_PLUS, '+'));
  return isDay && !Number.isNaN(at) ? at : UNREADABLE_MOMENT;
}

function parseWall(text: string | null): number | null {
  if (text === null) return null;
  const seconds = Number(text);
  if (text === '' || !Number.isFinite(seconds) || seconds <= 0) return DEFAULT_WALL_SECONDS;
  return Math.min(MAX_WALL_SECONDS, Math.max(MIN_WALL_SECONDS, Math.round(seconds)));
}
