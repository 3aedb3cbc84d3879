/** Terms of a replica: when its forwarder runs, when it speaks, and what is done first when it ends. */
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../core/result.ts';
import type { Clock } from '../../forwarder/clock.ts';
import { createLog } from '../../forwarder/log.ts';
import { formatIdentity, type RunningReplica, startReplica } from '../../forwarder/replica.ts';
import { SLOW_RETRY_MS } from '../../forwarder/uplink-state.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import { eventually } from '../support/stack.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';
import { fastClock } from './fast-clock.ts';
import { HeldClock } from './held-clock.ts';
import { type LeaseFront, startLeaseFront } from './lease-front.ts';

let cluster: Cluster;
let served: ServedCluster;
let front: LeaseFront;
let edge: EdgeDouble;
let lines: string[];
const running: RunningReplica[] = [];

beforeEach(async () => {
  cluster = createCluster({ name: 'harvester', hosts: 2, vms: 4, seed: 1 });
  served = await serveCluster(cluster);
  front = await startLeaseFront(served.url);
  edge = await EdgeDouble.start();
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((replica) => replica.stop()));
  await edge.close();
  await front.close();
  await served.close();
});

/** A Lease expires within three seconds; slow enough for a machine that is busy. */
const FAST = fastClock(5);

function start(name: string | null, clock: Clock = FAST): RunningReplica {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: 'test', server: front.url, skipTLSVerify: true }, { name: 'test' });
  const replica = startReplica({
    edge: edge.url,
    cluster: 'harvester',
    kubeConfig,
    readToken: () => ok(TOKEN),
    log: createLog({ level: 'info', format: 'text', write: (line) => lines.push(line), now: () => new Date() }),
    clock,
    election: name === null ? null : { lease: { namespace: 'hostview', name: 'forwarder' }, identity: formatIdentity(name, '1') },
  });
  running.push(replica);
  return replica;
}

const untilRole = (replica: RunningReplica, role: string): Promise<unknown> =>
  eventually(
    () => replica.status.role,
    (now) => now === role,
    `it is ${role}`,
  );

/** On a machine that is busy a leader has doubts for a moment, and goes on. */
const untilStanding = (read: () => readonly unknown[], wanted: readonly unknown[], what: string): Promise<unknown> =>
  eventually(read, (now) => JSON.stringify(now) === JSON.stringify(wanted), what);

test('without a Lease it forwards, and asks for none', async () => {
  const replica = start(null);
  await edge.until(() => edge.isSynced);
  expect(replica.status).toMatchObject({ role: 'alone', leaseHolder: null, leaseHeardAt: null, leaseAttemptedAt: null, termCount: 1 });
  expect(replica.status.forwarder?.isWatched).toBe(true);
  expect(front.holders).toEqual([]);
  await replica.stop();
  expect(await replica.done).toBe(null);
});

test('one of two forwards; the other asks for nothing but the Lease', async () => {
  const a = start('a');
  await edge.until(() => edge.isSynced);
  const before = [...front.paths];
  const b = start('b');
  await eventually(
    () => b.status.leaseHolder,
    (holder) => holder === 'a_1',
    'b has seen the holder',
  );
  await untilStanding(
    () => [a.status.role, a.status.termCount, b.status.role, b.status.termCount, b.status.forwarder],
    ['leading', 1, 'standby', 0, null],
    'one leads, the other stands by',
  );
  const lists = front.paths.slice(before.length).filter((path) => path.includes('/nodes'));
  expect(lists).toEqual([]);
  expect(edge.sessions).toHaveLength(1);
});

describe('a stop', () => {
  test('first silences the forwarder and then releases the Lease; the other takes it over', async () => {
    const a = start('a');
    await edge.until(() => edge.isSynced);
    const b = start('b');
    await eventually(
      () => b.status.leaseHolder,
      (holder) => holder === 'a_1',
      'b has seen the holder',
    );
    const atRelease: unknown[] = [];
    front.onWrite = () => {
      if (front.holder === '') atRelease.push(a.status.forwarder);
    };
    const batches = edge.batches.length;
    await a.stop();
    expect([await a.done, a.status.role]).toEqual([null, 'stopped']);
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    expect(atRelease).toEqual([null]);
    expect(front.holders.filter((holder, index) => holder !== front.holders[index - 1])).toEqual(['a', '', 'b']);
    expect(new Set(edge.batches.slice(batches).map(({ session }) => session))).toEqual(new Set([2]));
    expect([b.status.role, b.status.termCount]).toEqual(['leading', 1]);
  });

  test('on standby leaves the Lease as it is', async () => {
    front.take('other');
    const a = start('a');
    await eventually(
      () => a.status.leaseHolder,
      (holder) => holder === 'other',
      'a has seen the holder',
    );
    await a.stop();
    expect(front.holders).toEqual(['other']);
  });

  test('by an edge that only a person can satisfy releases it too, and says why', async () => {
    edge.failNext({ status: 426, code: 'protocol', detail: 'speak 9' });
    const a = start('a');
    expect(await a.done).toContain('speak 9');
    expect(front.holders).toEqual(['a', '']);
  });
});

test('another holder ends the term: the forwarder is stopped, and a later term starts a new one', { timeout: 30_000 }, async () => {
  const a = start('a');
  await edge.until(() => edge.isSynced);
  const first = a.status.forwarder;
  front.take('other');
  await untilRole(a, 'standby');
  expect(await first?.done).toBe(null);
  await eventually(
    () => a.status.forwarder,
    (forwarder) => forwarder === null,
    'it is stopped',
  );
  // The other one dies.
  await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
  await untilStanding(() => [a.status.role, a.status.termCount], ['leading', 2], 'its second term');
  expect(lines.some((line) => line.includes('the term is over'))).toBe(true);
});

test('while it cannot renew it watches and is silent; then it goes on in the same session', { timeout: 30_000 }, async () => {
  const a = start('a');
  await edge.until(() => edge.isSynced);
  front.refusal = 500;
  await untilRole(a, 'doubtful');
  const told = edge.batches.length;
  const forwarder = a.status.forwarder;
  cluster.deleteVm({ namespace: 'default', name: 'ubuntu-web-1' }).finish();
  await eventually(
    () => forwarder?.view.vms,
    (count) => count === 3,
    'it sees the change',
  );
  const attempts = new Set<number | null>();
  await eventually(
    () => attempts.add(a.status.leaseAttemptedAt).size,
    (count) => count > 3,
    'it tries on',
  );
  expect([a.status.role, edge.batches.length]).toEqual(['doubtful', told]);
  front.refusal = null;
  await edge.until(() => !edge.vms.has('default/ubuntu-web-1'));
  await untilStanding(
    () => [a.status.role, a.status.termCount, a.status.forwarder === forwarder, edge.sessions.length],
    ['leading', 1, true, 1],
    'the same term, the same session',
  );
});

test('the last word of the one before it does not silence it for as long as one that has no Lease', { timeout: 30_000 }, async () => {
  // A wait of half a minute would never end.
  start('a', new HeldClock((delayMs) => delayMs >= SLOW_RETRY_MS && delayMs <= SLOW_RETRY_MS * 1.5));
  await edge.until(() => edge.isSynced);
  edge.supersede();
  cluster.deleteVm({ namespace: 'default', name: 'ubuntu-web-1' }).finish();
  await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
  expect(edge.refused).toEqual(['superseded']);
  expect(edge.vms.has('default/ubuntu-web-1')).toBe(false);
});
