/**
 * The trails as they are drawn: measured from the chips after each commit, and again when the board's layout changes or is scrolled. Those
 * that nobody sees are not drawn, and an end that nobody sees is only as exact as its card (chip-places.ts).
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../chip-id.ts';
import { readChipPlaces } from '../chip-places.ts';
import { scheduleFrame } from '../frame.ts';
import { commitAtOnce } from '../rendering.ts';
import { type Box, type Gutters, isTrailIn, type Point, placeLabels, routeTrail } from '../trail-geometry.ts';
import type { ClusterModel } from './cluster-model.ts';

export interface Trail {
  readonly id: VmId;
  /** An SVG path. */
  readonly path: string;
  readonly label: Point | null;
}

export interface TrailsModel {
  readonly shapes: ReadonlySignal<readonly Trail[]>;
  measure(): void;
  close(): void;
}

/** Where hundreds start at once, each frame draws so many more: the frame in which they start has enough to do. */
const NEW_AT_ONCE_COUNT = 40;
/** Below this the board is one column, and a trail would only run along its edge: the words on the chips say it all. */
const NARROW_PX = 720;
/** Of the document: labels are measured in it. A wall has larger type. */
const USUAL_TYPE_PX = 16;

export function createTrailsModel(cluster: ClusterModel, board: HTMLElement): TrailsModel {
  const shapes = signal<readonly Trail[]>([]);
  // Chips move without a commit when the window or a card's text changes, and then the board's own size changes too.
  const observer = new ResizeObserver(() => measure());
  observer.observe(board);
  const closing = new AbortController();
  let cancel: (() => void) | null = null;
  const remeasure = (): void => {
    if (cluster.trails.peek().length === 0) return;
    cancel ??= scheduleFrame(() => {
      cancel = null;
      measure();
    });
  };
  addEventListener('scroll', remeasure, { passive: true, signal: closing.signal });

  function measure(): void {
    const drawn = new Map(shapes.peek().map((trail) => [trail.id, trail]));
    // Most commits have none, and even the board's width would cost them a layout.
    if (cluster.trails.peek().length === 0 && drawn.size === 0) return;
    const measured = board.clientWidth < NARROW_PX ? [] : measureTrails(cluster, board);
    const { next, isWhole } = selectTrails(measured, drawn, NEW_AT_ONCE_COUNT);
    commitAtOnce(() => {
      shapes.value = next;
    });
    if (!isWhole) remeasure();
  }

  return {
    shapes,
    measure,
    close() {
      observer.disconnect();
      closing.abort();
      cancel?.();
    },
  };
}

/** What is drawn next: all that are drawn, and so many new ones. A trail that is as it was stays the same object, and is not rendered again. */
export function selectTrails(
  measured: readonly Trail[],
  drawn: ReadonlyMap<VmId, Trail>,
  newAtOnce: number,
): { readonly next: readonly Trail[]; readonly isWhole: boolean } {
  const fresh = new Set(measured.filter(({ id }) => !drawn.has(id)).slice(0, newAtOnce));
  const next = measured.flatMap((trail) => {
    const known = drawn.get(trail.id);
    if (known === undefined) return fresh.has(trail) ? [trail] : [];
    const isSame = known.path === trail.path && known.label?.x === trail.label?.x && known.label?.y === trail.label?.y;
    return [isSame ? known : trail];
  });
  return { next, isWhole: next.length === measured.length };
}

function measureTrails(cluster: ClusterModel, board: HTMLElement): Trail[] {
  const origin = board.getBoundingClientRect();
  const { columnGap, rowGap } = getComputedStyle(board);
  const gutters: Gutters = { column: Number.parseFloat(columnGap) || 0, row: Number.parseFloat(rowGap) || 0 };
  const placeOf = readChipPlaces();
  const onBoard = ({ left, top, right, bottom }: Box): Box => ({
    left: left - origin.left,
    top: top - origin.top,
    right: right - origin.left,
    bottom: bottom - origin.top,
  });
  const view = onBoard({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  const shapes = cluster.trails.peek().flatMap((id, track) => {
    const vm = cluster.vm(id);
    if (vm?.transit == null) return [];
    const from = placeOf(vm.host, homeChipId(id));
    const to = placeOf(vm.transit.to, arrivingChipId(id));
    if (from === null || to === null) return [];
    const ends = { from: onBoard(from.box), fromCard: onBoard(from.card), to: onBoard(to.box), toCard: onBoard(to.card) };
    return isTrailIn(ends, gutters, view) ? [{ id, shape: routeTrail(ends, gutters, track) }] : [];
  });
  const typePx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const labels = placeLabels(
    shapes.map(({ shape }) => shape),
    typePx / USUAL_TYPE_PX,
  );
  return shapes.map(({ id, shape }, index) => ({ id, path: shape.path, label: labels[index] ?? null }));
}
