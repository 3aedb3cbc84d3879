/**
 * A stretch of the log that is held to step through: a picture of the past, the frames that follow it, and how many of them are applied.
 * Nothing in it is changed in place: every position is made anew from the base, which is a millisecond for thousands of VMs.
 */
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { FramePage } from '../../core/history.ts';
import type { Changes } from '../rendering/frame.ts';
import type { Past } from '../stream/connection-model.ts';

export interface PastWindow {
  readonly base: ClusterState;
  /** The moment that was asked for, and what the room says of it. */
  readonly basePast: Past;
  readonly frames: readonly Frame[];
  /** How many of the frames are applied. */
  readonly index: number;
  /** After the last frame comes one that the log has not kept: its moment (SPEC S1). Null: the log goes on, or ends. */
  readonly jumpAt: number | null;
}

/** More than so many frames, or hosts and VMs in them, are not held: what lies behind is let go, and fetched again where somebody steps back. */
export const MAX_HELD_FRAMES_COUNT = 400;
const MAX_HELD_ENTITIES_COUNT = 50_000;

export const openWindow = (snapshot: Snapshot, frames: readonly Frame[] = [], index = 0, jumpAt: number | null = null): PastWindow => ({
  base: stateOf(snapshot),
  basePast: { at: snapshot.now, lastHeard: snapshot.lastHeard },
  frames,
  index,
  jumpAt,
});

/** The moment of a position: that of the last frame that is applied. The cluster spoke then, or there would be no frame. */
export function momentOf({ basePast, frames, index }: PastWindow): Past {
  const applied = frames[index - 1];
  return applied === undefined ? basePast : { at: applied.at, lastHeard: applied.at };
}

export const cursorOf = ({ base, frames, index }: PastWindow): string | null => frames[index - 1]?.to ?? base.cursor;

export const lastCursorOf = ({ base, frames }: PastWindow): string | null => frames.at(-1)?.to ?? base.cursor;

/** The picture at its position. Throws where the frames do not follow each other: {@link appendPage} takes no others. */
export function stateAt({ base, frames, index }: PastWindow): ClusterState {
  const state: ClusterState = { ...base, hosts: new Map(base.hosts), vms: new Map(base.vms) };
  for (const frame of frames.slice(0, index)) {
    if (!applyFrame(state, frame).ok) throw new Error(`no frame follows ${state.cursor}`);
  }
  return state;
}

/** What differs between two positions of one window: what the frames between them name. Both ways, so that a step back travels too. */
export function changesBetween(window: PastWindow, fromIndex: number): Changes {
  const [first, last] = fromIndex < window.index ? [fromIndex, window.index] : [window.index, fromIndex];
  const between = window.frames.slice(first, last);
  return {
    state: stateAt(window),
    isReplaced: false,
    vms: new Set(between.flatMap(({ vms = [], goneVms = [] }) => [...vms.map(({ id }) => id), ...goneVms])),
    hosts: new Set(between.flatMap(({ hosts = [], goneHosts = [] }) => [...hosts.map(({ name }) => name), ...goneHosts])),
  };
}

/** Its whole picture, whatever was painted before. */
export const replacedBy = (window: PastWindow): Changes => ({
  state: stateAt(window),
  isReplaced: true,
  vms: new Set(),
  hosts: new Set(),
});

/** What is needed for a step. `page`: the frames after {@link lastCursorOf}. `jump`: the picture at `at`. `before`: the log before the base. */
export type Step =
  | { readonly kind: 'there'; readonly window: PastWindow }
  | { readonly kind: 'page' }
  | { readonly kind: 'jump'; readonly at: number }
  | { readonly kind: 'before' };

/** `count` frames at once, as far as they are held: at least one. */
export function stepForward(window: PastWindow, count = 1): Step {
  const { frames, index, jumpAt } = window;
  if (index < frames.length) return { kind: 'there', window: { ...window, index: Math.min(frames.length, index + count) } };
  return jumpAt === null ? { kind: 'page' } : { kind: 'jump', at: jumpAt };
}

export function stepBack(window: PastWindow): Step {
  return window.index === 0 ? { kind: 'before' } : { kind: 'there', window: { ...window, index: window.index - 1 } };
}

/** With the frames of a page that follow what is held; those of another place in the log are not taken. */
export function appendPage(window: PastWindow, page: Pick<FramePage, 'frames' | 'jump'>): PastWindow {
  let reached = lastCursorOf(window);
  const following: Frame[] = [];
  for (const frame of page.frames) {
    if (frame.from !== reached) break;
    following.push(frame);
    reached = frame.to;
  }
  const isWhole = following.length === page.frames.length;
  const longer = { ...window, frames: [...window.frames, ...following], jumpAt: isWhole ? (page.jump?.at ?? null) : null };
  return isTooMuch(longer.frames) ? letGo(longer) : longer;
}

function isTooMuch(frames: readonly Frame[]): boolean {
  const entities = frames.reduce((sum, { hosts = [], vms = [] }) => sum + hosts.length + vms.length, 0);
  return frames.length > MAX_HELD_FRAMES_COUNT || entities > MAX_HELD_ENTITIES_COUNT;
}

/** The same position, without what lies behind it. */
const letGo = (window: PastWindow): PastWindow => ({
  ...window,
  base: stateAt(window),
  basePast: momentOf(window),
  frames: window.frames.slice(window.index),
  index: 0,
});
