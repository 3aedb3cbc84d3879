/** How often a property is tried: `npm run test:long` tries a hundred times as often. */
const LONG_FACTOR = 100;

export const isLong = process.env.HOSTVIEW_LONG === '1';

export const runs = (count: number): { readonly numRuns: number } => ({ numRuns: isLong ? count * LONG_FACTOR : count });
/** For a property that takes seconds at its short length; Vitest's own limit is five. */
export const propertyTimeoutMs = isLong ? 4 * 3_600_000 : 120_000;
