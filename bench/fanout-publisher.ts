/** The side that changes things: one change a second, or a stream of them in batches as a forwarder sends them (SPEC U4). */
import { setTimeout as pause } from 'node:timers/promises';
import { BATCH_INTERVAL_MS } from '../core/limits.ts';
import type { DerivedVm } from '../core/model.ts';
import type { Post } from './fanout-analysis.ts';
import { now } from './fanout-clock.ts';
import type { Peer } from './fanout-peers.ts';
import type { Workload } from './fanout-workload.ts';

const MS_PER_S = 1_000;

const pauseUntil = (time: number): Promise<void> => pause(Math.max(0, time - now()));

/** `changes` times `vms` VMs, one POST each, `everyMs` from start to start. */
export async function publishOneByOne(
  peer: Peer,
  workload: Workload,
  { changes, vms, everyMs }: { readonly changes: number; readonly vms: number; readonly everyMs: number },
): Promise<Post[]> {
  const posts: Post[] = [];
  const start = now();
  for (let index = 0; index < changes; index++) {
    await pauseUntil(start + index * everyMs);
    const changed = workload.change(vms);
    const at = now();
    posts.push({ revision: await peer.publish(changed), at, madeAt: at, changes: changed.length });
  }
  return posts;
}

/**
 * So many changes a second, made in equal handfuls as often as a batch may leave. One batch is under way at a time: what is made meanwhile
 * waits, the newest value of each VM.
 */
export async function publishSteadily(peer: Peer, workload: Workload, changesPerSecond: number, seconds: number): Promise<Post[]> {
  const handful = Math.round((changesPerSecond * BATCH_INTERVAL_MS) / MS_PER_S);
  const handfuls = Math.round((seconds * MS_PER_S) / BATCH_INTERVAL_MS);
  const dueAt = (index: number): number => start + index * BATCH_INTERVAL_MS;
  const posts: Post[] = [];
  const start = now();
  let earliest = start;
  for (let made = 0; made < handfuls; ) {
    await pauseUntil(Math.max(earliest, dueAt(made)));
    const waiting = new Map<string, DerivedVm>();
    let changes = 0;
    for (const time = now(); made < handfuls && dueAt(made) <= time; made++) {
      for (const vm of workload.change(handful)) waiting.set(vm.id, vm);
      changes += handful;
    }
    // A timer may be early by a part of a millisecond.
    if (changes === 0) continue;
    const at = now();
    posts.push({ revision: await peer.publish([...waiting.values()]), at, madeAt: dueAt(made - 1), changes });
    earliest = at + BATCH_INTERVAL_MS;
  }
  return posts;
}
