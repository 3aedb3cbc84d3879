/** Progress, end to end through the room (SPEC U9). */
import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DerivedTransit } from '../../core/model.ts';
import { MAX_PROGRESS_COUNT, type Progress } from '../../core/progress.ts';
import { selectCurrent } from '../../worker/progress.ts';
import type { ClusterRoom } from '../../worker/worker.ts';
import { bearer, call, type FanOut, liveCluster, problemOf, roomOf, snapshotOf, type TestForwarder, TestViewer, vm } from './support.ts';

const transit: DerivedTransit = { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2' };
const PROGRESS: Progress = {
  vm: 'default/ubuntu',
  migration: 'm-1',
  percent: 42.5,
  remaining: 1_073_741_824,
  rate: 117_000_000,
  dirtyRate: 5,
  stuck: true,
};

async function moving(): Promise<TestForwarder> {
  const forwarder = await liveCluster();
  await forwarder.change({ vms: [vm('ubuntu', 'host-1', { transit })] });
  return forwarder;
}
const report = (forwarder: TestForwarder, progress: readonly unknown[], session = forwarder.session): Promise<Response> =>
  call(`/api/v1/clusters/${forwarder.cluster}/progress`, {
    method: 'POST',
    headers: bearer(forwarder.token),
    body: JSON.stringify({ session, progress }),
  });
const told = (...progress: readonly Progress[]) => ({ now: expect.any(Number), progress });
/** All that is stored of the cluster, the session's row included. */
const storedOf = (cluster: string): Promise<unknown> =>
  runInDurableObject(roomOf(cluster), (_room: ClusterRoom, { storage: { sql } }) =>
    ['config', 'session', 'hosts', 'vms', 'staged', 'segments', 'migrations'].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
  );

describe.each<FanOut>(['direct', 'bridge'])('progress, %s', (fanOut) => {
  test('U9: reaches the viewers as an event without id, and changes neither rows nor revision nor digest', async () => {
    const forwarder = await moving();
    const viewer = await TestViewer.open(fanOut, forwarder.cluster);
    const before = await viewer.expect('snapshot');
    const stored = await storedOf(forwarder.cluster);
    for (const percent of [42.5, 60]) {
      expect((await report(forwarder, [{ ...PROGRESS, percent }])).status).toBe(200);
      expect(await viewer.next()).toEqual({ event: 'progress', id: undefined, data: told({ ...PROGRESS, percent }) });
    }
    expect(await storedOf(forwarder.cluster)).toEqual(stored);
    expect(await snapshotOf(forwarder.cluster)).toEqual({ ...before, now: expect.any(Number) });
    // The numbers go on as if nothing had been sent between (U2), and the digests agree (U5).
    expect(await forwarder.heartbeat()).toMatchObject({ number: forwarder.number, resync: false, cursor: before.cursor });
    await viewer.expect('heard');
    await viewer.close();
  });

  test('of another migration, or of a VM that does not move or is not known, is not shown', async () => {
    const forwarder = await moving();
    const viewer = await TestViewer.open(fanOut, forwarder.cluster);
    await viewer.expect('snapshot');
    const old = [
      { ...PROGRESS, migration: 'm-0' },
      { ...PROGRESS, vm: 'default/gone' },
    ];
    await report(forwarder, old);
    await report(forwarder, [...old, PROGRESS]);
    expect((await viewer.next())?.data).toEqual(told(PROGRESS));
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    await viewer.expect('frame');
    await report(forwarder, [PROGRESS]);
    await forwarder.heartbeat();
    await viewer.expect('heard');
    await viewer.close();
  });
});

describe('what the room takes', () => {
  test('U8: it says that it takes progress when a session is opened', async () => {
    const forwarder = await liveCluster();
    expect(await forwarder.open()).toMatchObject({ accepts: expect.arrayContaining(['progress']) });
  });

  test('U1: an older session, one that it never handed out, and one that has not synced are refused', async () => {
    const forwarder = await moving();
    const first = forwarder.session;
    await forwarder.open();
    const codes: string[] = [];
    for (const session of [first, forwarder.session + 1, forwarder.session]) {
      const refused = await report(forwarder, [PROGRESS], session);
      expect(refused.status).toBe(409);
      codes.push((await problemOf(refused)).code);
    }
    expect(codes).toEqual(['superseded', 'sync-required', 'sync-required']);
  });

  test('without the cluster’s token nothing', async () => {
    const forwarder = await moving();
    const body = JSON.stringify({ session: forwarder.session, progress: [PROGRESS] });
    const path = `/api/v1/clusters/${forwarder.cluster}/progress`;
    expect((await call(path, { method: 'POST', headers: bearer('x'.repeat(43)), body })).status).toBe(401);
    expect((await call(path)).status).toBe(405);
  });

  test.each<[string, readonly unknown[], string]>([
    ['percent over 100', [{ ...PROGRESS, percent: 101 }], 'progress.0.percent'],
    ['a negative rate', [{ ...PROGRESS, rate: -1 }], 'progress.0.rate'],
    ['no number', [{ ...PROGRESS, remaining: '5' }], 'progress.0.remaining'],
    ['stuck that is not true', [{ ...PROGRESS, stuck: false }], 'progress.0.stuck'],
    ['no migration', [{ ...PROGRESS, migration: '' }], 'progress.0.migration'],
    ['too much', Array.from({ length: MAX_PROGRESS_COUNT + 1 }, () => PROGRESS), 'progress'],
  ])('%s is refused', async (_what, progress, at) => {
    const forwarder = await moving();
    const refused = await report(forwarder, progress);
    expect(refused.status).toBe(400);
    expect(await problemOf(refused)).toMatchObject({ code: at === 'progress' ? 'list-too-long' : 'invalid', at });
  });

  test('the largest report fits, and fields that it does not know are dropped', async () => {
    const forwarder = await moving();
    const long = { ...PROGRESS, vm: `${'n'.repeat(63)}/${'v'.repeat(253)}`, migration: 'm'.repeat(64), secret: 'x'.repeat(400) };
    const viewer = await TestViewer.open('direct', forwarder.cluster);
    await viewer.expect('snapshot');
    const { secret: _, ...withoutSecret } = long;
    const largest = Array.from({ length: MAX_PROGRESS_COUNT - 1 }, () => withoutSecret);
    expect((await report(forwarder, [...largest, { ...PROGRESS, secret: 'x' }])).status).toBe(200);
    expect((await viewer.next())?.data).toEqual(told(PROGRESS));
    await viewer.close();
  });
});

test('U9: whatever is reported, in whatever order, no row, revision or digest changes', async () => {
  const forwarder = await moving();
  const viewer = await TestViewer.open('direct', forwarder.cluster);
  await viewer.expect('snapshot');
  const stored = await storedOf(forwarder.cluster);
  const amount = fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true });
  const arbitraryProgress = fc.record(
    {
      vm: fc.constantFrom('default/ubuntu', 'default/gone'),
      migration: fc.constantFrom('m-0', 'm-1'),
      percent: fc.double({ min: 0, max: 100, noNaN: true }),
      remaining: amount,
      rate: amount,
      dirtyRate: amount,
      stuck: fc.constant(true),
    },
    { requiredKeys: ['vm', 'migration'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryProgress, { maxLength: 5 }), fc.boolean(), async (progress, isCurrent) => {
      const answer = await report(forwarder, progress, isCurrent ? forwarder.session : forwarder.session + 1);
      expect(answer.status).toBe(isCurrent ? 200 : 409);
      expect(await storedOf(forwarder.cluster)).toEqual(stored);
    }),
    { numRuns: 50 },
  );
  await viewer.close();
});

test('a VM is looked up once for each that is told of it', () => {
  const asked: string[] = [];
  const current = selectCurrent([PROGRESS, { ...PROGRESS, vm: 'a/b' }], (id) => {
    asked.push(id);
    return id === PROGRESS.vm ? { transit } : {};
  });
  expect(current).toEqual([PROGRESS]);
  expect(asked).toEqual(['default/ubuntu', 'a/b']);
});
