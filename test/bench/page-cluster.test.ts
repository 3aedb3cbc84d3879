import { describe, expect, it } from 'vitest';
import { createPageCluster } from '../../bench/page-cluster.ts';
import { applyFrame, stateOf } from '../../core/cluster-state.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import { lanesOf } from '../../core/lanes.ts';

describe('the cluster of the page’s benchmark', () => {
  const cluster = createPageCluster(500, 20);

  it('has as many VMs and hosts as were asked for, with names of their own, and the drained ones on one host', () => {
    const { hosts, vms } = cluster.snapshot(5);
    expect([hosts.length, vms.length, new Set(vms.map(({ id }) => id)).size]).toEqual([20, 500, 500]);
    expect(vms.filter(({ host }) => host === cluster.drained)).toHaveLength(cluster.drainedCount);
    expect(createPageCluster(500, 20).state.digest).toBe(cluster.state.digest);
  });

  it('makes frames that follow each other, with the digests of what they lead to', () => {
    const held = stateOf(structuredClone(cluster.snapshot(5)));
    const before = held.digest;
    const frames = [cluster.restate(7, 1, 6), cluster.restate(500, 2, 7), cluster.restate(500, 3, 8), cluster.restate(7, 1, 9)];
    frames.push(cluster.leave(10));
    const leaving = [...cluster.state.vms.values()].filter((vm) => lanesOf(vm).leaving === cluster.drained);
    expect(leaving).toHaveLength(cluster.drainedCount);
    frames.push(cluster.arrive(11));
    expect([...cluster.state.vms.values()].filter(({ host }) => host === cluster.drained)).toEqual([]);
    frames.push(cluster.back(12));
    for (const frame of frames) {
      expect(applyFrame(held, frame).ok).toBe(true);
      expect(frame.digest).toBe(formatDigest(digestOf(held.hosts.values(), held.vms.values())));
    }
    expect(frames.map(({ vms }) => vms?.length)).toEqual([7, 500, 500, 7, 200, 200, 200]);
    expect(held.digest).toBe(before);
  });
});
