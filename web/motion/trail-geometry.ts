/**
 * How a trail runs from a leaving chip to its arriving twin: along the gutters between the cards, so that it covers nothing.
 *
 *        ┌────────── label ──────────┐           row gutter, above the cards
 *   [ leaving ]─┘   [ card ]    └─▶[ arriving ]    column gutters, beside them
 *
 * Lengths in CSS pixels, relative to the board.
 */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface TrailEnds {
  readonly from: Box;
  readonly fromCard: Box;
  readonly to: Box;
  readonly toCard: Box;
}

export interface Stretch {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** The gaps between cards. */
export interface Gutters {
  readonly column: number;
  readonly row: number;
}

export interface TrailShape {
  /** An SVG path with its arrow head. */
  readonly path: string;
  /** The stretch along a row gutter, where there is room for words; null where there is none. */
  readonly stretch: Stretch | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const CORNER_PX = 8;
const HEAD_PX = 5;
/** Trails in one gutter run side by side. */
const TRACK_PX = 3;
const TRACKS_COUNT = 5;
/** A label's box at the usual size of type; longer words are cut off by nobody, so this is generous. */
const LABEL_WIDTH_PX = 260;
const LABEL_HEIGHT_PX = 18;
/** Where along its stretch a label may stand, best first. */
const LABEL_PLACES = [0.5, 0.25, 0.75, 0.15, 0.85];

/** Whether they have a point in common. */
export const isTouching = (a: Box, b: Box): boolean => a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;

/** Whether something of a trail may be within `view`: it runs along its cards, and nowhere outside of both. */
export const isTrailIn = ({ fromCard, toCard }: Pick<TrailEnds, 'fromCard' | 'toCard'>, { column, row }: Gutters, view: Box): boolean =>
  isTouching(view, {
    left: Math.min(fromCard.left, toCard.left) - column,
    top: Math.min(fromCard.top, toCard.top) - row,
    right: Math.max(fromCard.right, toCard.right) + column,
    bottom: Math.max(fromCard.bottom, toCard.bottom) + row,
  });

/** `track` tells the trails of one moment apart. */
export function routeTrail(ends: TrailEnds, gutters: Gutters, track: number): TrailShape {
  const aside = ((track % TRACKS_COUNT) - (TRACKS_COUNT - 1) / 2) * TRACK_PX;
  const start = { x: ends.from.right, y: middle(ends.from) };
  const end = { x: ends.to.left, y: middle(ends.to) };
  const out = ends.fromCard.right + gutters.column / 2 + aside;
  const into = ends.toCard.left - gutters.column / 2 + aside;
  if (Math.abs(out - into) < gutters.column / 2) {
    return { path: draw([start, { x: out, y: start.y }, { x: out, y: end.y }, end]), stretch: null };
  }
  const isBelow = ends.toCard.top > ends.fromCard.top + gutters.row;
  const row = (isBelow ? ends.toCard.top : ends.fromCard.top) - gutters.row / 2 + aside;
  const points = [start, { x: out, y: start.y }, { x: out, y: row }, { x: into, y: row }, { x: into, y: end.y }, end];
  return { path: draw(points), stretch: { left: Math.min(out, into), right: Math.max(out, into), y: row } };
}

/**
 * Where each trail's label stands (its middle); null where it has no room, or would lie on another one. `scale`: of the type, against the
 * usual one.
 */
export function placeLabels(shapes: readonly TrailShape[], scale: number): (Point | null)[] {
  const box: LabelBox = { width: LABEL_WIDTH_PX * scale, height: LABEL_HEIGHT_PX * scale };
  const labels: (Point | null)[] = shapes.map(() => null);
  // The shortest stretch has the least choice, so it chooses first.
  const order = [...shapes.keys()].sort((a, b) => lengthOf(shapes[a]) - lengthOf(shapes[b]));
  for (const index of order) {
    const stretch = shapes[index]?.stretch ?? null;
    if (stretch === null) continue;
    labels[index] = placesOn(stretch, box).find((place) => labels.every((other) => !isOverlapping(place, other, box))) ?? null;
  }
  return labels;
}

interface LabelBox {
  readonly width: number;
  readonly height: number;
}

function placesOn({ left, right, y }: Stretch, { width }: LabelBox): Point[] {
  const inset = width / 2;
  if (right - left < width) return [];
  return LABEL_PLACES.map((share) => ({
    x: round(Math.min(right - inset, Math.max(left + inset, left + (right - left) * share))),
    y: round(y),
  }));
}

const lengthOf = (shape: TrailShape | undefined): number => (shape?.stretch == null ? 0 : shape.stretch.right - shape.stretch.left);

const isOverlapping = (a: Point, b: Point | null, { width, height }: LabelBox): boolean =>
  b !== null && Math.abs(a.x - b.x) < width && Math.abs(a.y - b.y) < height;

function draw(points: readonly Point[]): string {
  const parts: string[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined) parts.push(`M${at(point)}`);
    else if (after === undefined) parts.push(`L${at(point)}`);
    else {
      const radius = Math.min(CORNER_PX, distance(before, point) / 2, distance(point, after) / 2);
      parts.push(`L${at(towards(point, before, radius))}Q${at(point)} ${at(towards(point, after, radius))}`);
    }
  });
  const tip = points.at(-1);
  if (tip !== undefined) {
    parts.push(`M${at({ x: tip.x - HEAD_PX, y: tip.y - HEAD_PX })}L${at(tip)}L${at({ x: tip.x - HEAD_PX, y: tip.y + HEAD_PX })}`);
  }
  return parts.join('');
}

const middle = (box: Box): number => (box.top + box.bottom) / 2;
const round = (length: number): number => Math.round(length * 10) / 10;
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  if (whole === 0) return from;
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole };
}
