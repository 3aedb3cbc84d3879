/** The Lease over HTTP: what is asked of the API server, in which order, and what is said of it. */
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeaseKeeper, RELEASE_TIMEOUT_MS } from '../../forwarder/lease-keeper.ts';
import { createLog } from '../../forwarder/log.ts';
import { ManualClock } from './manual-clock.ts';
import { type Answer, failure, json, ScriptedServer } from './scripted-server.ts';

const ME = 'host-a_1234';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/hostview/leases';
const LEASE = `${LEASES}/forwarder`;

let server: ScriptedServer;
let clock: ManualClock;
let lines: string[];
let keeper: LeaseKeeper;
let stopping: AbortController;
let running: Promise<void>;
let client: ReturnType<ScriptedServer['client']>;
/** Method, path and holder of each request, in order. */
let asked: string[];
const changed = new Set<() => void>();

beforeEach(async () => {
  server = await ScriptedServer.start();
  clock = new ManualClock();
  lines = [];
  asked = [];
  const log = createLog({ level: 'info', format: 'text', write: (line) => lines.push(line), now: () => new Date() });
  client = server.client();
  const lease = { namespace: 'hostview', name: 'forwarder' };
  keeper = new LeaseKeeper({ client, lease, identity: ME, clock, random: () => 0.5, wallNow: () => new Date(0), log });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await running;
  client.close();
  await server.close();
});

function start(): void {
  running = keeper.run(stopping.signal, () => {
    for (const look of [...changed]) look();
  });
}

/** Resolves once the condition holds; it is looked at after each answer. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      changed.delete(look);
      resolve();
    };
    changed.add(look);
    look();
  });
}

const leaseObject = (version: string, holder: string, more: object = {}) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'forwarder', namespace: 'hostview', resourceVersion: version },
  spec: { holderIdentity: holder, leaseDurationSeconds: 15, renewTime: `at ${version}`, leaseTransitions: 4, ...more },
});
const lease = (version: string, holder: string): Answer => noted(json(200, leaseObject(version, holder)));
const refusal = (status: number, message?: string): Answer => noted(failure(status, message));

/** Notes what was asked before it is answered. */
function noted(answer: Answer): Answer {
  return (response, request) => {
    void bodyOf(request).then((text) => {
      const body = text === '' ? null : JSON.parse(text);
      const holder = body === null ? '' : ` ${body.metadata.resourceVersion ?? 'new'}:${body.spec.holderIdentity}`;
      asked.push(`${request.method} ${request.url}${holder}`);
      answer(response, request);
    });
  };
}
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

test('one that may be read and not taken: said once, not taken back by each look, until somebody else leads', async () => {
  const forbidden = refusal(403, 'leases are forbidden');
  server.answer(refusal(404), forbidden, refusal(404), forbidden, refusal(404), forbidden, lease('5', 'host-b'));
  start();
  for (let count = 2; count <= 6; count += 2) {
    await until(() => asked.length === count);
    expect(keeper.writeProblem).toContain('create');
    clock.advance(await clock.untilWaiting((delayMs) => delayMs <= 2_000));
  }
  await until(() => asked.length === 7);
  expect(keeper.writeProblem).toBeNull();
  expect(lines.map((line) => line.split(':', 1)[0])).toEqual(['warn', 'info', 'info']);
});

describe('taking it', () => {
  test('an absent one is created, and renewed by the version that the server gave', async () => {
    server.answer(refusal(404), noted(json(201, leaseObject('1', ME))), lease('2', ME));
    start();
    await until(() => keeper.role === 'leading');
    expect([keeper.term, keeper.holder]).toEqual([1, ME]);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs > 3_000));
    await until(() => asked.length === 3);
    expect(asked).toEqual([`GET ${LEASE}`, `POST ${LEASES} new:${ME}`, `PUT ${LEASE} 1:${ME}`]);
    expect(lines).toEqual(['info: holds the Lease hostview/forwarder: this replica forwards\n']);
  });

  test('another’s is left alone until it has not changed for its duration; its holder is named once', async () => {
    server.answer(...Array.from({ length: 9 }, () => lease('5', 'host-b')), lease('6', ME));
    start();
    for (let count = 1; count <= 8; count += 1) {
      await until(() => asked.length === count);
      clock.advance(await clock.untilWaiting((delayMs) => delayMs <= 2_000));
    }
    await until(() => keeper.role === 'leading');
    expect(asked).toEqual([...Array.from({ length: 9 }, () => `GET ${LEASE}`), `PUT ${LEASE} 5:${ME}`]);
    expect(clock.now()).toBe(15_000);
    expect(lines).toEqual([
      'info: standing by: host-b holds the Lease hostview/forwarder\n',
      'info: holds the Lease hostview/forwarder: this replica forwards\n',
    ]);
  });

  test('a free one is taken at once; where another was faster, it is looked at again', async () => {
    server.answer(lease('7', ''), refusal(409), lease('8', 'host-b'));
    start();
    await server.untilRequests(2);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs <= 500));
    await until(() => asked.length === 3);
    expect(asked).toEqual([`GET ${LEASE}`, `PUT ${LEASE} 7:${ME}`, `GET ${LEASE}`]);
    expect([keeper.role, keeper.term, keeper.holder]).toEqual(['standby', null, 'host-b']);
  });

  test('where the answer to the taking is lost, the next look shows whose it is', async () => {
    const cut: Answer = noted((response) => response.socket?.destroy());
    server.answer(lease('7', ''), cut, cut, lease('8', ME), lease('9', ME));
    start();
    await server.untilRequests(3);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs <= 500));
    await until(() => keeper.role === 'leading');
    expect(asked.at(-1)).toBe(`GET ${LEASE}`);
    await server.untilRequests(5);
    await until(() => asked.length === 5);
    expect(asked.at(-1)).toBe(`PUT ${LEASE} 8:${ME}`);
    expect(keeper.term).toBe(1);
  });
});

test('a missing right is said once with what to grant, and its end too; nothing stops', async () => {
  const forbidden = refusal(403, 'leases is forbidden');
  server.answer(forbidden, forbidden, forbidden, lease('5', 'host-b'));
  start();
  for (let count = 1; count <= 3; count += 1) {
    await until(() => asked.length === count);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs <= 2_000));
  }
  await until(() => keeper.holder === 'host-b');
  expect(lines).toEqual([
    'warn: not allowed to get leases.coordination.k8s.io: leases is forbidden; grant get, create, update on leases.coordination.k8s.io in the namespace hostview\n',
    'info: the Lease hostview/forwarder can be read and written again\n',
    'info: standing by: host-b holds the Lease hostview/forwarder\n',
  ]);
});

describe('holding it', () => {
  beforeEach(async () => {
    server.answer(lease('7', ''), lease('8', ME));
    start();
    await until(() => keeper.role === 'leading');
  });

  test('a server that is silent makes it doubtful, at the deadline, and no answer is waited for longer than its time', async () => {
    clock.advance(await clock.untilWaiting((delayMs) => delayMs > 3_000));
    await server.untilRequests(3);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 3_000));
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 250));
    await server.untilRequests(4);
    expect([keeper.role, clock.now()]).toEqual(['leading', 4_750 + 3_000 + 250]);
    clock.advance(2_000);
    expect(keeper.role).toBe('doubtful');
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 3_000));
    await until(() =>
      lines.some((line) => line.startsWith('warn: cannot renew the Lease hostview/forwarder: saying nothing until it can')),
    );
    expect([keeper.term, keeper.holder]).toEqual([1, ME]);
  });

  test('another holder ends the term', async () => {
    server.answer(refusal(409), lease('9', 'host-b'));
    clock.advance(await clock.untilWaiting((delayMs) => delayMs > 3_000));
    await until(() => asked.length === 3);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 250));
    await until(() => keeper.role === 'standby');
    expect([keeper.term, keeper.holder]).toEqual([null, 'host-b']);
  });

  test('released: nobody is named any more', async () => {
    server.answer(lease('9', ''));
    stopping.abort();
    await running;
    await keeper.release();
    expect(asked.slice(2)).toEqual([`PUT ${LEASE} 8:`]);
    expect([keeper.role, keeper.term]).toEqual(['stopped', null]);
    expect(lines.at(-1)).toBe('info: released the Lease hostview/forwarder\n');
  });

  test('released, though a renewal had arrived whose answer was not waited for', async () => {
    clock.advance(await clock.untilWaiting((delayMs) => delayMs > 3_000));
    await server.untilRequests(3);
    stopping.abort();
    await running;
    server.answer(() => {}, refusal(409), lease('9', ME), lease('10', ''));
    const released = keeper.release();
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 200));
    await released;
    expect(asked.slice(2)).toEqual([`PUT ${LEASE} 8:`, `GET ${LEASE}`, `PUT ${LEASE} 9:`]);
  });

  test('not released where it is another’s by now', async () => {
    server.answer(refusal(409), lease('9', 'host-b'));
    stopping.abort();
    await running;
    const released = keeper.release();
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 200));
    await released;
    expect(asked.slice(2)).toEqual([`PUT ${LEASE} 8:`, `GET ${LEASE}`]);
    expect(lines.some((line) => line.includes('released'))).toBe(false);
  });

  test('a server that is silent does not hold up the end', async () => {
    stopping.abort();
    await running;
    const released = keeper.release();
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === RELEASE_TIMEOUT_MS));
    await released;
    expect(lines.at(-1)).toBe('warn: could not release the Lease hostview/forwarder in time; it expires by itself\n');
  });
});

test('on standby there is nothing to release', async () => {
  server.answer(lease('5', 'host-b'));
  start();
  await until(() => keeper.holder === 'host-b');
  stopping.abort();
  await running;
  await keeper.release();
  expect(asked).toEqual([`GET ${LEASE}`]);
});
