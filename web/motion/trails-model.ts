/**
 * The trails as they are drawn: measured from the chips after each commit, and again when the layout of the board, or of a card where one
 * ends, changes or is scrolled. Those that nobody sees are not drawn, and an end that nobody sees is only as exact as its card (chip-places.ts).
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../board/chip-id.ts';
import { readChipPlaces } from '../board/chip-places.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import { scheduleFrame } from '../rendering/frame.ts';
import { commitAtOnce } from '../rendering/rendering.ts';
import { type Box, type Gutters, isTrailIn, type Point, placeLabels, routeTrail, type TrailShape } from './trail-geometry.ts';

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
  /** When they were measured last. */
  const sizes = new WeakMap<Element, string>();
  // Chips move without a commit when the window or a text changes, such as the progress of another one above them.
  const observer = new ResizeObserver((entries) => {
    if (entries.some(({ target }) => sizes.get(target) !== sizeOf(target))) measure();
  });
  const watch = (element: Element): void => {
    if (!sizes.has(element)) observer.observe(element);
    sizes.set(element, sizeOf(element));
  };
  const closing = new AbortController();
  let cancel: (() => void) | null = null;
  /** As long as nothing has moved: where hundreds are drawn a part at a time, no part looks for those before it again. */
  let routes = new Map<VmId, TrailShape | null>();
  const drawSoon = (): void => {
    cancel ??= scheduleFrame(() => {
      cancel = null;
      draw();
    });
  };
  const remeasure = (): void => {
    if (cluster.counts.peek().moving === 0) return;
    routes = new Map();
    drawSoon();
  };
  addEventListener('scroll', remeasure, { passive: true, signal: closing.signal });
  // Cards also come into sight by other ways, and what they hold is laid out only then.
  board.addEventListener('contentvisibilityautostatechange', remeasure, { capture: true, signal: closing.signal });

  function measure(): void {
    routes = new Map();
    draw();
  }

  function draw(): void {
    const drawn = new Map(shapes.peek().map((trail) => [trail.id, trail]));
    const ids = travellersOf(cluster);
    // Most commits have none, and even the board's width would cost them a layout.
    if (ids.length === 0 && drawn.size === 0) return;
    watch(board);
    const placeOf = readChipPlaces((card) => card.querySelectorAll(':scope > *, .chips').forEach(watch));
    const routed = routeNext(board.clientWidth < NARROW_PX ? [] : ids, new Set(drawn.keys()), routerOf(cluster, board, placeOf, routes));
    const typePx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const labels = placeLabels(
      routed.shapes.map(({ shape }) => shape),
      typePx / USUAL_TYPE_PX,
    );
    const next = routed.shapes.map(({ id, shape }, index) =>
      keepSame(drawn.get(id), { id, path: shape.path, label: labels[index] ?? null }),
    );
    commitAtOnce(() => {
      shapes.value = next;
    });
    if (!routed.isWhole) drawSoon();
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

interface RoutedTrail {
  readonly id: VmId;
  readonly shape: TrailShape;
}

/**
 * The trails that are drawn next: all that are drawn, and so many new ones. `route` answers null where there is nothing to be seen of one;
 * `track` is the trail's place among all.
 */
export function routeNext(
  ids: readonly VmId[],
  drawn: ReadonlySet<VmId>,
  route: (id: VmId, track: number) => TrailShape | null,
): { readonly shapes: readonly RoutedTrail[]; readonly isWhole: boolean } {
  const shapes: RoutedTrail[] = [];
  let newCount = 0;
  let isWhole = true;
  ids.forEach((id, track) => {
    if (!drawn.has(id) && newCount === NEW_AT_ONCE_COUNT) {
      isWhole = false;
      return;
    }
    const shape = route(id, track);
    if (shape === null) return;
    shapes.push({ id, shape });
    if (!drawn.has(id)) newCount++;
  });
  return { shapes, isWhole };
}

/** A trail that is as it was stays the same object, and is not rendered again. */
export const keepSame = (known: Trail | undefined, next: Trail): Trail =>
  known?.path === next.path && known.label?.x === next.label?.x && known.label?.y === next.label?.y ? known : next;

/** VMs that stand in a leaving lane and have a target. */
export function travellersOf(cluster: Pick<ClusterModel, 'counts' | 'hostNames' | 'lane' | 'vm'>): readonly VmId[] {
  // Most commits have none.
  if (cluster.counts.peek().moving === 0) return [];
  const leaving = cluster.hostNames.peek().flatMap((name) => cluster.lane('leaving', name).peek());
  return leaving.filter((id) => cluster.vm(id)?.transit?.to != null).sort();
}

const sizeOf = ({ clientWidth, clientHeight }: Element): string => `${clientWidth} ${clientHeight}`;

/** What it finds it adds to `known`. */
function routerOf(
  cluster: ClusterModel,
  board: HTMLElement,
  placeOf: ReturnType<typeof readChipPlaces>,
  known: Map<VmId, TrailShape | null>,
): (id: VmId, track: number) => TrailShape | null {
  const origin = board.getBoundingClientRect();
  const { columnGap, rowGap } = getComputedStyle(board);
  const gutters: Gutters = { column: Number.parseFloat(columnGap) || 0, row: Number.parseFloat(rowGap) || 0 };
  const onBoard = ({ left, top, right, bottom }: Box): Box => ({
    left: left - origin.left,
    top: top - origin.top,
    right: right - origin.left,
    bottom: bottom - origin.top,
  });
  const view = onBoard({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  const route = (id: VmId, track: number): TrailShape | null => {
    const vm = cluster.vm(id);
    if (vm?.transit == null) return null;
    const from = placeOf(vm.host, homeChipId(id));
    const to = placeOf(vm.transit.to, arrivingChipId(id));
    if (from === null || to === null) return null;
    const ends = { from: onBoard(from.box), fromCard: onBoard(from.card), to: onBoard(to.box), toCard: onBoard(to.card) };
    return isTrailIn(ends, gutters, view) ? routeTrail(ends, gutters, track) : null;
  };
  return (id, track) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = route(id, track);
    known.set(id, found);
    return found;
  };
}
