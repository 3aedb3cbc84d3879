/**
 * How large a wall is written: as large as all of it still fits on the screen, and never so small that nobody can read it from where they
 * stand; what does not fit then is shown page by page. Sizes are multiples of the usual type. Pure.
 */

/** A wall whose shorter side has this length, in pixels, can be read at the usual size. */
const PLAIN_SIDE_PX = 1_080;
const LEAST_SCALE = 0.875;
/** How much larger than what can just be read it may become. */
const STEPS = [1, 1.0625, 1.125, 1.1875, 1.25, 1.375, 1.5, 1.625, 1.75, 2, 2.25, 2.5, 3] as const;
/** How wide a column is, in rem: the usual width, and narrower ones with which more stands side by side. */
export const COLUMNS_REM = [24, 18, 14] as const;

export interface Fit {
  readonly scale: number;
  readonly columnRem: number;
  /** All of it stands on the screen. */
  readonly isWhole: boolean;
}

/** What can be read on a screen of that size, in pixels, however it is hung. */
export const leastScale = (viewWidth: number, viewHeight: number): number =>
  Math.max(LEAST_SCALE, Math.min(viewWidth, viewHeight) / PLAIN_SIDE_PX);

/** Lays the page out at a size. */
export interface Trial {
  /** Whether all of it stands on the screen then. */
  fits(scale: number, columnRem: number): boolean;
  /** How many pages it has then. */
  pages(scale: number, columnRem: number): number;
}

/**
 * The largest fit; where nothing fits, at the least size that with the fewest pages. It is tried as seldom as can be: what fits at a size is
 * taken to fit at every smaller one.
 */
export function selectFit(least: number, { fits, pages }: Trial): Fit {
  const fitAt = (step: number): Fit | null => {
    const scale = least * step;
    const columnRem = COLUMNS_REM.find((width) => fits(scale, width));
    return columnRem === undefined ? null : { scale, columnRem, isWhole: true };
  };
  const [smallest, ...larger] = STEPS;
  let best = fitAt(smallest);
  if (best === null) {
    const counts = COLUMNS_REM.map((width) => pages(least, width));
    // The wider one of equals.
    const columnRem = COLUMNS_REM[counts.indexOf(Math.min(...counts))] ?? COLUMNS_REM[0];
    return { scale: least, columnRem, isWhole: false };
  }
  let steps: readonly number[] = larger;
  while (steps.length > 0) {
    const middle = Math.floor(steps.length / 2);
    const fit = fitAt(steps[middle] ?? smallest);
    best = fit ?? best;
    steps = fit === null ? steps.slice(0, middle) : steps.slice(middle + 1);
  }
  return best;
}

/** A chip's least area at the usual size, in square pixels: one column of 10.5 rem, one line of 1.75 rem. */
const CHIP_AREA_PX = 10.5 * 16 * 1.75 * 16;

/** Whether so many VMs can stand on the screen at all: laying out thousands only to find that out would take seconds. */
export const canBeWhole = (vms: number, viewWidth: number, viewHeight: number): boolean =>
  vms * CHIP_AREA_PX * leastScale(viewWidth, viewHeight) ** 2 <= viewWidth * viewHeight;

/** What was laid out when the size was chosen. */
export interface Fitted {
  readonly fit: Fit;
  readonly viewWidth: number;
  readonly viewHeight: number;
  /** Of all that is shown, at that size, in pixels. */
  readonly height: number;
  /** Any steady clock, in milliseconds. */
  readonly at: number;
}

/** The type does not breathe with every VM that comes and goes. */
export const REFIT_AFTER_MS = 30_000;
const SHRUNK_TO = 0.9;

/** Whether the size is to be chosen anew: at once where something does not fit any more, later where there is room for larger type. */
export function isRefitDue(last: Fitted, now: Omit<Fitted, 'fit'>): boolean {
  if (now.viewWidth !== last.viewWidth || now.viewHeight !== last.viewHeight) return true;
  if (last.fit.isWhole && now.height > now.viewHeight) return true;
  return now.height < last.height * SHRUNK_TO && now.at - last.at >= REFIT_AFTER_MS;
}
