/** The trails as they are drawn: measured from the chips after each commit, and again when the board's layout changes. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../chip-id.ts';
import { commitAtOnce } from '../rendering.ts';
import { type Box, type Point, placeLabels, routeTrail } from '../trail-geometry.ts';
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

/** Below this the board is one column, and a trail would only run along its edge: the words on the chips say it all. */
const NARROW_PX = 720;

export function createTrailsModel(cluster: ClusterModel, board: HTMLElement): TrailsModel {
  const shapes = signal<readonly Trail[]>([]);
  // Chips move without a commit when the window or a card's text changes, and then the board's own size changes too.
  const observer = new ResizeObserver(() => measure());
  observer.observe(board);

  function measure(): void {
    const next = measureTrails(board, cluster.trails.peek());
    if (next.length === 0 && shapes.peek().length === 0) return;
    commitAtOnce(() => {
      shapes.value = next;
    });
  }

  return { shapes, measure, close: () => observer.disconnect() };
}

function measureTrails(board: HTMLElement, ids: readonly VmId[]): Trail[] {
  if (ids.length === 0 || board.clientWidth < NARROW_PX) return [];
  const origin = board.getBoundingClientRect();
  const gutter = Number.parseFloat(getComputedStyle(board).columnGap) || 0;
  const boxOf = (target: Element): Box => {
    const { left, top, right, bottom } = target.getBoundingClientRect();
    return { left: left - origin.left, top: top - origin.top, right: right - origin.left, bottom: bottom - origin.top };
  };
  const shapes = ids.flatMap((id, track) => {
    const from = document.getElementById(homeChipId(id));
    const to = document.getElementById(arrivingChipId(id));
    const fromCard = from?.closest('[data-host]');
    const toCard = to?.closest('[data-host]');
    if (from == null || to == null || fromCard == null || toCard == null) return [];
    const ends = { from: boxOf(from), fromCard: boxOf(fromCard), to: boxOf(to), toCard: boxOf(toCard) };
    return [{ id, shape: routeTrail(ends, gutter, track) }];
  });
  const labels = placeLabels(shapes.map(({ shape }) => shape));
  return shapes.map(({ id, shape }, index) => ({ id, path: shape.path, label: labels[index] ?? null }));
}
