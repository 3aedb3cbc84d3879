/** From what was sent and what arrived to what is told: latencies, changes delivered, the age of what is shown. Pure. */

/** One POST of the publisher. Posts are in order, and their revisions are consecutive. */
export interface Post {
  readonly revision: number;
  /** When it was sent. */
  readonly at: number;
  /** When the newest change in it was made. */
  readonly madeAt: number;
  /** How many changes were made since the post before. */
  readonly changes: number;
}

/** What the viewers saw, in the order of arrival: at `times[n]` viewer `viewers[n]` came to `revisions[n]`, which took `bytes[n]`. */
export interface Deliveries {
  readonly viewers: ArrayLike<number>;
  readonly revisions: ArrayLike<number>;
  readonly times: ArrayLike<number>;
  readonly bytes: ArrayLike<number>;
}

/** Per post: how long it took to each viewer that got it, by a frame of its own or a later one. Milliseconds. */
export function latenciesOf(posts: readonly Post[], deliveries: Deliveries): number[][] {
  const latencies = posts.map((): number[] => []);
  const first = posts[0]?.revision ?? 0;
  const reached = new Map<number, number>();
  for (const [viewer, revision, time] of walk(deliveries)) {
    const before = reached.get(viewer) ?? first - 1;
    for (let next = Math.max(before + 1, first); next <= revision; next++) {
      const index = next - first;
      latencies[index]?.push(time - (posts[index]?.at ?? Number.NaN));
    }
    reached.set(viewer, Math.max(before, revision));
  }
  return latencies;
}

/** Changes times viewers that had arrived by then; a state that is newer than a change counts for it. */
export function countDelivered(posts: readonly Post[], deliveries: Deliveries, until: number): number {
  const first = posts[0]?.revision ?? 0;
  const upTo = [0];
  for (const { changes } of posts) upTo.push((upTo.at(-1) ?? 0) + changes);
  let delivered = 0;
  for (const revision of reachedBy(deliveries, until).values()) {
    delivered += upTo[Math.max(0, Math.min(posts.length, revision - first + 1))] ?? 0;
  }
  return delivered;
}

/**
 * How old what each viewer shows is, looked at `times` (rising): the time since the newest change in it was made. Viewers are 0 to `viewers` − 1.
 * One that has shown nothing yet is as old as the first post: what it shows is older than that.
 */
export function agesShown(posts: readonly Post[], deliveries: Deliveries, viewers: number, times: readonly number[]): number[] {
  const first = posts[0];
  if (first === undefined) return [];
  const shownSince = new Float64Array(viewers).fill(first.madeAt);
  const reached = new Float64Array(viewers).fill(first.revision - 1);
  const ages: number[] = [];
  let next = 0;
  for (const time of times) {
    for (; next < deliveries.times.length && (deliveries.times[next] ?? 0) <= time; next++) {
      const viewer = deliveries.viewers[next] ?? 0;
      const revision = deliveries.revisions[next] ?? 0;
      const madeAt = posts[revision - first.revision]?.madeAt;
      if (madeAt === undefined || revision <= (reached[viewer] ?? 0)) continue;
      reached[viewer] = revision;
      shownSince[viewer] = madeAt;
    }
    for (const since of shownSince) ages.push(time - since);
  }
  return ages;
}

/** Several processes' deliveries as one, in the order of arrival. */
export function mergeDeliveries(parts: readonly Deliveries[]): Deliveries {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = parts.flatMap((part) => [...walk(part)]).sort(([, , a], [, , b]) => a - b);
  return {
    viewers: all.map(([viewer]) => viewer),
    revisions: all.map(([, revision]) => revision),
    times: all.map(([, , time]) => time),
    bytes: all.map(([, , , bytes]) => bytes),
  };
}

/** The newest revision of each viewer at a time. */
export function reachedBy(deliveries: Deliveries, until: number): Map<number, number> {
  const reached = new Map<number, number>();
  for (const [viewer, revision, time] of walk(deliveries)) {
    if (time <= until) reached.set(viewer, Math.max(reached.get(viewer) ?? 0, revision));
  }
  return reached;
}

export function* walk({ viewers, revisions, times, bytes }: Deliveries): Iterable<[number, number, number, number]> {
  for (let index = 0; index < times.length; index++)
    yield [viewers[index] ?? 0, revisions[index] ?? 0, times[index] ?? 0, bytes[index] ?? 0];
}
