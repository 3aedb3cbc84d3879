/** What is open beside the picture, and where on the board it stands. Pure. */
import type { HostName, VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../board/chip-id.ts';
import type { PageState } from '../page/page-state.ts';

export type Selection = { readonly kind: 'vm'; readonly id: VmId } | { readonly kind: 'host'; readonly name: HostName };

/** The drain board is itself what there is to know of its host; and on a wall nobody closes anything. */
export function selectDrawer({ picture, host, vm, wall }: Pick<PageState, 'picture' | 'host' | 'vm' | 'wall'>): Selection | null {
  if (wall !== null) return null;
  if (vm !== null) return { kind: 'vm', id: vm };
  return host === null || picture === 'drain' ? null : { kind: 'host', name: host };
}

/** The change that opens the drawer of a VM, or closes what is open: a drain board stays that of its host meanwhile. */
export const selecting = ({ picture }: Pick<PageState, 'picture'>, vm: VmId | null): Partial<PageState> =>
  picture === 'drain' ? { vm } : { vm, host: null };

/** Tells two selections apart. */
export const selectionKey = (selection: Selection): string =>
  selection.kind === 'vm' ? homeChipId(selection.id) : hostHeadingId(selection.name);

export const isSameSelection = (one: Selection | null, other: Selection | null): boolean =>
  one !== null && other !== null && selectionKey(one) === selectionKey(other);

/** The DOM id of the heading of a host's card. */
export const hostHeadingId = (name: HostName): string => `host/${name}`;

/** The DOM ids under which it can stand on the board; where it is comes before where it goes. */
export const standingIds = (selection: Selection): readonly string[] =>
  selection.kind === 'vm' ? [homeChipId(selection.id), arrivingChipId(selection.id)] : [hostHeadingId(selection.name)];
