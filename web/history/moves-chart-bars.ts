/** How the bars of a chart of migrations stand: what did not fail above its line, what failed below it, so that colour is not needed. Pure. */
import type { MigrationBucket } from '../../core/history.ts';
import { fractionOf, type Stretch } from './past-scale.ts';

/** All from 0 to 1: of the width, and of the room above and below the line. */
export interface Bar {
  readonly at: number;
  readonly left: number;
  readonly width: number;
  readonly up: number;
  readonly down: number;
}

export interface EndsSum {
  readonly ended: number;
  readonly failed: number;
}

const notFailed = ({ succeeded, aborted, unknown }: MigrationBucket): number => succeeded + aborted + unknown;

/** By the root of the count: one move in an interval is still to be seen beside a drain of two hundred. Intervals without any have no bar. */
export function barsOf(stretch: Stretch, bucketMs: number, buckets: readonly MigrationBucket[]): Bar[] {
  const shown = buckets.filter(({ at }) => at + bucketMs > stretch.from && at < stretch.to);
  const most = Math.sqrt(Math.max(1, ...shown.map((bucket) => Math.max(notFailed(bucket), bucket.failed))));
  return shown.flatMap((bucket) => {
    const [up, down] = [notFailed(bucket), bucket.failed].map((count) => Math.sqrt(count) / most);
    if (up === undefined || down === undefined || up + down === 0) return [];
    const left = fractionOf(stretch, bucket.at);
    return [{ at: bucket.at, left, width: fractionOf(stretch, bucket.at + bucketMs) - left, up, down }];
  });
}

export const sumOf = (buckets: readonly MigrationBucket[]): EndsSum => {
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  return { ended: failed + buckets.reduce((sum, bucket) => sum + notFailed(bucket), 0), failed };
};
