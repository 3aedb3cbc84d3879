/** The sender against an edge over HTTP: what arrives, in which order, and what becomes of it when things go wrong (SPEC U1–U5, T8). */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Inventory } from '../../core/derive/inventory.ts';
import type { HostFact, VmFact, VmiFact, VmimFact } from '../../core/facts.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Batch } from '../../core/uplink.ts';
import { createEdgeClient, type EdgeClient } from '../../forwarder/edge-client.ts';
import { createLog } from '../../forwarder/log.ts';
import { type Picture, UplinkSender } from '../../forwarder/uplink-sender.ts';
import { ABANDON_AFTER_MS } from '../../forwarder/uplink-state.ts';
import * as facts from '../support/facts.ts';
import { EdgeDouble, type Fault, TOKEN } from './edge-double.ts';
import { ManualClock } from './manual-clock.ts';

const hostFact = (name: string): HostFact => facts.hostFact({ name, roles: [] });
const vmFact = (name: string): VmFact => facts.vmFact({ name, uid: `vm-${name}` });
const vmiFact = (name: string, nodeName: string): VmiFact =>
  facts.vmiFact({ name, uid: `vmi-${name}`, createdAt: 0, nodeName, conditions: [{ type: 'Ready', status: 'True' }] });
const endedFact = (vm: string, uid: string): VmimFact =>
  facts.vmimFact({ name: `${vm}-${uid}`, uid, vmiName: vm, phase: 'Failed', createdAt: 1_000 });

class FakePicture implements Picture {
  readonly inventory = new Inventory();
  isWatched = true;
  answers = true;
  probeCount = 0;
  uidCount = 0;
  uid = 'uid-of-kube-system';

  async readClusterUid(): Promise<Result<string, null>> {
    this.uidCount += 1;
    return ok(this.uid);
  }
  async isAnswering(): Promise<boolean> {
    this.probeCount += 1;
    return this.answers;
  }
}

let edge: EdgeDouble;
let client: EdgeClient;
/** Requests that were begun, counted in the turn in which they begin. */
let postCount: number;
let clock: ManualClock;
let picture: FakePicture;
let sender: UplinkSender;
let stopping: AbortController;
let done: Promise<string | null>;
let lines: string[];
let token: string;
let readable: boolean;
/** What the token file holds once it was read. */
let nextToken: string | null;
/** What the telemetry was told. */
let told: string[];

beforeEach(async () => {
  edge = await EdgeDouble.start();
  client = createEdgeClient(edge.url, 'harvester', {});
  postCount = 0;
  clock = new ManualClock();
  clock.advance(1_000_000);
  picture = new FakePicture();
  picture.inventory.replace('host', [hostFact('harv-1'), hostFact('harv-2')]);
  picture.inventory.replace('vm', [vmFact('a'), vmFact('b')]);
  picture.inventory.replace('vmi', [vmiFact('a', 'harv-1'), vmiFact('b', 'harv-2')]);
  stopping = new AbortController();
  lines = [];
  token = TOKEN;
  readable = true;
  nextToken = null;
  told = [];
  sender = new UplinkSender({
    place: { edge: edge.url, cluster: 'harvester' },
    edge: {
      close: () => client.close(),
      post: (...request) => {
        postCount += 1;
        return client.post(...request);
      },
    },
    readToken: () => {
      const read = token;
      token = nextToken ?? token;
      return readable ? ok(read) : err('the token file is away');
    },
    picture,
    hasLabels: true,
    forwarderVersion: '1.2.3',
    clock,
    random: () => 0.5,
    telemetry: {
      posted: (what, { isRetry, wireBytes, inflatedBytes }) => {
        told.push(`${what}${isRetry ? ' again' : ''}`);
        expect(wireBytes > 0 && inflatedBytes >= wireBytes).toBe(true);
      },
      answered: (_what, outcome) => told.push(outcome),
      drifted: () => told.push('drift'),
      finishedDropped: () => {},
    },
    log: createLog({ level: 'info', format: 'text', write: (line) => lines.push(line), now: () => new Date() }),
  });
});

afterEach(async () => {
  stopping.abort();
  await done;
  await client.close();
  await edge.close();
});

const start = (): void => {
  done = sender.run(stopping.signal);
};
const goLive = async (): Promise<void> => {
  start();
  await edge.until(() => edge.isSynced);
  // The commit's answer is on its way; the next heartbeat is what the sender then waits for.
  await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
};
const move = (name: string, host: string): void => {
  picture.inventory.set('vmi', vmiFact(name, host));
  sender.wake();
};
const kinds = (from = 0): readonly string[] => edge.batches.slice(from).map(({ kind }) => kind);
const hostOf = (name: string): string | null | undefined => edge.vms.get(`default/${name}`)?.host;
const lastBatch = (): Batch | undefined => edge.batches.at(-1);
const warnings = (): readonly string[] => lines.filter((line) => !line.startsWith('info:'));
const isShort = (delayMs: number): boolean => delayMs < HEARTBEAT_INTERVAL_MS;

describe('the plain way', () => {
  test('a session names protocol, cluster and version; the sync is parts and a commit, numbered from 1', async () => {
    await goLive();
    expect(edge.sessions).toEqual([{ protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-kube-system', forwarder: '1.2.3' }]);
    expect(edge.batches.map(({ kind, number }) => [kind, number])).toEqual([
      ['sync-part', 1],
      ['sync-commit', 2],
    ]);
    expect([hostOf('a'), hostOf('b')]).toEqual(['harv-1', 'harv-2']);
    expect(edge.hosts.size).toBe(2);
  });

  test('a change leaves at once; what changes within 50 ms is merged into the next, newest value only', async () => {
    await goLive();
    clock.advance(1_000);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    const count = edge.batches.length;
    move('b', 'harv-1');
    move('a', 'harv-1');
    move('a', 'harv-3');
    await clock.untilWaiting((delayMs) => delayMs === 50);
    expect(edge.batches).toHaveLength(count);
    clock.advance(50);
    await edge.until(() => hostOf('a') === 'harv-3');
    expect(edge.batches).toHaveLength(count + 1);
    const batch = lastBatch();
    expect(batch?.kind === 'changes' && batch.vms.map(({ id }) => id).sort()).toEqual(['default/a', 'default/b']);
  });

  test('a wake for nothing sends nothing', async () => {
    await goLive();
    clock.advance(1_000);
    sender.wake();
    picture.inventory.set('vmi', vmiFact('a', 'harv-1'));
    sender.wake();
    move('b', 'harv-1');
    await edge.until(() => hostOf('b') === 'harv-1');
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'changes']);
  });

  test('what is gone is told as gone', async () => {
    await goLive();
    clock.advance(1_000);
    picture.inventory.remove('vmi', vmiFact('a', 'harv-1'));
    picture.inventory.remove('vm', vmFact('a'));
    picture.inventory.remove('host', hostFact('harv-1'));
    sender.wake();
    await edge.until(() => !edge.vms.has('default/a'));
    expect([...edge.hosts.keys()]).toEqual(['harv-2']);
  });

  test('migrations that are over already are part of the sync, and not told again', async () => {
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    await goLive();
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
    clock.advance(1_000);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'changes']);
    expect(edge.finished).toHaveLength(1);
  });

  test('what changes during a sync waits, and follows it', async () => {
    edge.failNext('drop', { status: 503 });
    start();
    await clock.untilWaiting(isShort);
    clock.advance(10_000);
    await clock.untilWaiting(isShort);
    picture.inventory.set('vmi', vmiFact('a', 'harv-2'));
    clock.advance(10_000);
    await edge.until(() => edge.isSynced);
    expect(hostOf('a')).toBe('harv-2');
    expect(edge.refused).toEqual(['503']);
  });
});

describe('U8: labels', () => {
  const label = (team: string): void => {
    picture.inventory.set('vm', { ...vmFact('a'), labels: { team } });
    sender.wake();
  };
  const labelsOf = (name: string): unknown => edge.vms.get(`default/${name}`)?.labels;
  /** Until the next session, of which the room answers this. */
  async function reopen(accepts: readonly string[] | undefined): Promise<void> {
    const count = edge.sessions.length;
    edge.accepts = accepts;
    clock.advance(1_000);
    edge.supersede();
    move('b', `harv-${count}`);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs >= 30_000));
    await edge.until(() => edge.sessions.length === count + 1 && edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
  }

  test('are told to a room that takes them; a change of one is one batch with one VM', async () => {
    label('db');
    await goLive();
    expect([labelsOf('a'), labelsOf('b')]).toEqual([{ team: 'db' }, undefined]);
    clock.advance(1_000);
    label('web');
    await edge.until(() => edge.batches.length === 3);
    const batch = lastBatch();
    expect(batch?.kind === 'changes' && [batch.hosts, batch.vms.map(({ id }) => id)]).toEqual([[], ['default/a']]);
    expect(labelsOf('a')).toEqual({ team: 'web' });
    expect(warnings()).toEqual([]);
  });

  test('a room that does not say that it takes them is told none, and agrees; that is said once, until it does', async () => {
    label('db');
    edge.accepts = undefined;
    await goLive();
    clock.advance(1_000);
    label('web');
    clock.advance(HEARTBEAT_INTERVAL_MS);
    await edge.until(() => edge.batches.length === 3);
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'heartbeat']);
    await reopen(['progress', 'label']);
    expect(JSON.stringify(edge.batches)).not.toMatch(/labels|team/);
    const isOfLabels = (line: string): boolean => line.includes('labels');
    const warning = `warn: the edge ${edge.url} is of a version without labels: the cluster harvester is sent without them\n` as const;
    expect(warnings().filter(isOfLabels)).toEqual([warning]);
    await reopen(['labels']);
    expect(labelsOf('a')).toEqual({ team: 'web' });
    expect(warnings().filter(isOfLabels)).toEqual([warning]);
    expect(told).not.toContain('drift');
  });
});

describe('heartbeats tell the truth', () => {
  test('one each 10 s of quiet, after the API server has answered', async () => {
    await goLive();
    for (const count of [1, 2]) {
      await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
      clock.advance(HEARTBEAT_INTERVAL_MS);
      await edge.until(() => kinds().filter((kind) => kind === 'heartbeat').length === count);
      expect(picture.probeCount).toBe(count);
    }
  });

  test('none while the API server does not answer; a change is sent all the same', async () => {
    await goLive();
    picture.answers = false;
    clock.advance(HEARTBEAT_INTERVAL_MS);
    await clock.untilWaiting((delayMs) => delayMs === 2_000);
    expect(kinds(2)).toEqual([]);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    expect(kinds(2)).toEqual(['changes']);
  });

  test('nothing at all while the cluster is not watched: no session, no change, no heartbeat, no retry', async () => {
    picture.isWatched = false;
    start();
    sender.wake();
    expect([postCount, picture.uidCount, clock.pendingMs]).toEqual([0, 0, []]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    edge.failNext('cut');
    move('a', 'harv-2');
    await clock.untilWaiting((delayMs) => delayMs === 125);
    picture.isWatched = false;
    const before = postCount;
    clock.advance(HEARTBEAT_INTERVAL_MS * 2);
    sender.wake();
    expect([postCount, clock.pendingMs]).toEqual([before, []]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.repeated.length === 1);
  });

  test('a sync that was held up for longer than what counts as live is made anew: what is committed is the present', async () => {
    const { readClusterUid } = picture;
    picture.readClusterUid = () => {
      picture.isWatched = false;
      return readClusterUid.call(picture);
    };
    start();
    await vi.waitFor(() => expect(sender.status.phase).toBe('syncing'));
    picture.readClusterUid = readClusterUid;
    clock.advance(ABANDON_AFTER_MS + 1);
    move('a', 'harv-2');
    expect(edge.batches).toEqual([]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.isSynced);
    expect(edge.sessions).toHaveLength(2);
    expect(kinds()).toEqual(['sync-part', 'sync-commit']);
    expect(hostOf('a')).toBe('harv-2');
  });
});

describe('nothing is lost, and nothing is told twice', () => {
  const faults: Readonly<Record<string, Fault>> = {
    'the request is lost': 'drop',
    'the answer is lost': 'cut',
    'it is told to slow down': { status: 429, retryAfter: '3' },
    'the edge fails': { status: 500 },
    'the edge is overloaded': { status: 503, retryAfter: '1' },
  };
  test.each(Object.entries(faults))('%s: the same bytes under the same number', async (_what, fault) => {
    await goLive();
    clock.advance(1_000);
    edge.failNext(fault);
    move('a', 'harv-2');
    const wait = await clock.untilWaiting(isShort);
    move('b', 'harv-1');
    clock.advance(wait);
    await edge.until(() => edge.batches.length + edge.repeated.length >= (fault === 'cut' ? 4 : 3));
    await clock.untilWaiting((delayMs) => delayMs > 0);
    clock.advance(50);
    await edge.until(() => hostOf('b') === 'harv-1');
    expect(hostOf('a')).toBe('harv-2');
    // The edge refuses a repetition with other bytes, and a number that is not the next.
    expect(edge.refused.filter((code) => code === 'invalid' || code === 'gap')).toEqual([]);
    expect(edge.sessions).toHaveLength(1);
  });

  test('an edge that is away for long: bounded tries, then the present in one sync, not the past', async () => {
    await goLive();
    clock.advance(1_000);
    edge.goAway();
    move('a', 'harv-2');
    for (let turn = 0; turn < 12; turn += 1) {
      const wait = await clock.untilWaiting(isShort);
      move('a', `harv-${turn % 3}`);
      clock.advance(wait);
    }
    await clock.untilWaiting(isShort);
    move('a', 'harv-9');
    edge.comeBack();
    clock.advance(60_000);
    await edge.until(() => hostOf('a') === 'harv-9');
    expect(edge.sessions).toHaveLength(2);
    expect(kinds(2)).toEqual(['sync-part', 'sync-commit']);
    expect(warnings()).toHaveLength(1);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    expect(lines.at(-1)).toContain('shows the cluster harvester: 2 hosts, 2 VMs');
  });

  test('an end of a migration is sent until it is acknowledged, also over sessions (T8)', async () => {
    await goLive();
    clock.advance(1_000);
    edge.failNext({ status: 409, code: 'gap' });
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    sender.wake();
    await edge.until(() => edge.finished.length > 0);
    expect(edge.sessions).toHaveLength(2);
    expect(edge.finished.map(({ id, outcome }) => [id, outcome])).toEqual([['m-1', 'failed']]);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    picture.inventory.set('vmim', endedFact('b', 'm-2'));
    sender.wake();
    await edge.until(() => edge.finished.length > 1);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1', 'm-2']);
  });

  test('a sync that the edge did not commit has told it of no end of a migration (T8)', async () => {
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    edge.losesStaged = true;
    start();
    await edge.until(() => edge.isSynced);
    expect(edge.sessions).toHaveLength(2);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
  });

  test('ends of migrations wait in the bounded queue, not in the Inventory, whatever keeps them from being sent (U4)', async () => {
    picture.isWatched = false;
    start();
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    sender.wake();
    expect(picture.inventory.takeChanges().finished).toEqual([]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.finished.length > 0);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
  });

  test('many ends of migrations go in several batches', async () => {
    await goLive();
    clock.advance(1_000);
    for (let count = 0; count < 600; count += 1) picture.inventory.set('vmim', endedFact('a', `m-${count}`));
    sender.wake();
    for (const expected of [250, 500, 600]) {
      await edge.until(() => edge.finished.length === expected);
      if (expected < 600) await clock.untilWaiting((delayMs) => delayMs === 50);
      clock.advance(50);
    }
    expect(new Set(edge.finished.map(({ id }) => id)).size).toBe(600);
  });
});

describe('the session', () => {
  test('a change too large for one batch is told as a new sync, in parts', async () => {
    await goLive();
    clock.advance(1_000);
    picture.inventory.replace(
      'vm',
      Array.from({ length: 8_000 }, (_, index) => vmFact(`mass-${index}`)),
    );
    sender.wake();
    await edge.until(() => edge.vms.size === 8_002);
    expect(edge.sessions).toHaveLength(2);
    expect(kinds(2).filter((kind) => kind === 'sync-part').length).toBeGreaterThan(1);
    expect(edge.refused).toEqual([]);
  });

  test('where bodies must be small, a change that is larger is told as a sync at once, not refused each time', async () => {
    await goLive();
    for (const [turn, host] of ['harv-2', 'harv-3'].entries()) {
      clock.advance(1_000);
      if (turn === 0) edge.failNext({ status: 413, code: 'too-large' });
      picture.inventory.replace(
        'vmi',
        Array.from({ length: 4_000 }, (_, index) => vmiFact(`mass-${index}`, host)),
      );
      sender.wake();
      await edge.until(() => edge.vms.get('default/mass-3999')?.host === host);
      await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    }
    expect(edge.refused).toEqual(['too-large']);
    for (const batch of edge.batches) expect(JSON.stringify(batch).length).toBeLessThan(460_000);
  });

  test('superseded: it waits, then takes over', async () => {
    await goLive();
    clock.advance(1_000);
    edge.supersede();
    move('a', 'harv-2');
    const wait = await clock.untilWaiting((delayMs) => delayMs >= 30_000);
    expect(warnings()).toEqual([
      'warn: another forwarder has taken over the cluster harvester: run only one for each, or replicas that share a --lease; this one waits\n',
    ]);
    clock.advance(wait);
    await edge.until(() => edge.isSynced);
    expect(hostOf('a')).toBe('harv-2');
  });

  test('the edge has lost everything: everything is sent again', async () => {
    await goLive();
    clock.advance(1_000);
    edge.forget();
    move('a', 'harv-2');
    await edge.until(() => edge.isSynced);
    expect(edge.vms.size).toBe(2);
    expect(edge.refused).toEqual(['gap']);
  });

  test('drift: one new sync at once, and not a storm of them', async () => {
    await goLive();
    clock.advance(1_000);
    edge.claimsDrift = true;
    move('a', 'harv-2');
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    const before = edge.batches.length;
    move('a', 'harv-1');
    await edge.until(() => edge.batches.length > before);
    expect(await clock.untilWaiting((delayMs) => delayMs > 1_000 && delayMs < HEARTBEAT_INTERVAL_MS)).toBeGreaterThan(4_000);
    expect(edge.sessions).toHaveLength(2);
  });

  test('another cluster: it gives up, and says what to do', async () => {
    edge.pinCluster('uid-of-another');
    start();
    expect(await done).toMatch(
      /^the name harvester belongs to another Kubernetes cluster .*; register this cluster under a name of its own$/,
    );
    expect(edge.batches).toEqual([]);
  });

  test('too old a protocol: it gives up, with the way to upgrade', async () => {
    edge.failNext({ status: 426, code: 'protocol', detail: 'kubectl apply -f the new one' });
    start();
    expect(await done).toContain('kubectl apply -f the new one');
  });

  test('a wrong token is said once and tried seldom; the right one is found without a restart', async () => {
    token = 'wrong';
    start();
    for (let turn = 0; turn < 3; turn += 1) {
      const wait = await clock.untilWaiting((delayMs) => delayMs >= 30_000);
      expect(warnings()).toHaveLength(1);
      if (turn === 2) token = TOKEN;
      clock.advance(wait);
    }
    await edge.until(() => edge.isSynced);
    expect(warnings()[0]).toContain('does not accept the token');
    expect(lines.join('')).not.toContain('wrong');
  });
});

test('a token that could not be read is good news only once the edge has accepted something', async () => {
  readable = false;
  start();
  const wait = await clock.untilWaiting(isShort);
  expect(warnings()).toEqual(['warn: the token file is away\n']);
  readable = true;
  clock.advance(wait);
  await edge.until(() => edge.sessions.length === 1);
  edge.failNext('drop');
  await clock.untilWaiting(isShort);
  const goodNews = () => lines.filter((line) => line.includes('has the cluster harvester again'));
  expect([edge.batches, goodNews()]).toEqual([[], []]);
  clock.advance(1_000);
  await edge.until(() => edge.isSynced);
  await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
  expect(goodNews()).toHaveLength(1);
});

describe('a token that was revoked', () => {
  test('its file holds another by now: that one is used at once', async () => {
    token = 'revoked';
    nextToken = TOKEN;
    start();
    await edge.until(() => edge.isSynced);
    expect(told.slice(0, 4)).toEqual(['session', 'unauthorized', 'session', 'opened']);
    expect(warnings()).toHaveLength(1);
  });

  test('the other one is no better: no storm of tries', async () => {
    token = 'revoked';
    nextToken = 'revoked too';
    start();
    await clock.untilWaiting((delayMs) => delayMs >= 30_000);
    expect(told).toEqual(['session', 'unauthorized', 'session', 'unauthorized']);
  });
});

describe('what is told of it', () => {
  test('each request and its answer, a repeated one as such, and how far it is', async () => {
    expect(sender.status).toMatchObject({ phase: 'opening', session: 0, isSynced: false, problems: [] });
    await goLive();
    expect(told).toEqual(['session', 'opened', 'sync-part', 'accepted', 'sync-commit', 'accepted']);
    expect(sender.status).toMatchObject({ phase: 'live', session: 1, isSynced: true, finishedCount: 0 });
    clock.advance(1_000);
    edge.failNext('cut', { status: 503, code: 'somebody-elses' });
    move('a', 'harv-2');
    clock.advance(await clock.untilWaiting(isShort));
    const wait = await clock.untilWaiting((delayMs) => isShort(delayMs) && told.includes('server-error'));
    expect(sender.status.problems).toEqual([expect.stringContaining('answers 503')]);
    clock.advance(wait);
    await edge.until(() => edge.repeated.length === 1);
    await clock.untilWaiting((delayMs) => delayMs > 1_000);
    expect(told.slice(6)).toEqual(['changes', 'lost', 'changes again', 'server-error', 'changes again', 'accepted']);
    expect(sender.status.problems).toEqual([]);
  });

  test('drift has a word, a count and a line of its own', async () => {
    await goLive();
    clock.advance(1_000);
    edge.claimsDrift = true;
    move('a', 'harv-2');
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    expect(told.slice(6, 10)).toEqual(['changes', 'resync', 'drift', 'session']);
    const line = `warn: the edge ${edge.url} has another picture of the cluster harvester; sending everything again\n`;
    expect(warnings()).toEqual([line]);
  });

  test('a sync of which the edge has lost parts is no drift, and is said', async () => {
    edge.losesStaged = true;
    start();
    await edge.until(() => edge.isSynced);
    expect(told).not.toContain('drift');
    expect(warnings()).toEqual([
      `warn: the edge ${edge.url} has lost parts of what was sent of the cluster harvester; sending everything again\n`,
    ]);
  });
});
