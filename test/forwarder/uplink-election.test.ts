/** A sender whose replica may lose the Lease at any moment: what it does not begin any more. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Inventory } from '../../core/derive/inventory.ts';
import { ok } from '../../core/result.ts';
import { systemClock } from '../../forwarder/clock.ts';
import { createEdgeClient, type EdgeClient } from '../../forwarder/edge-client.ts';
import { createLog } from '../../forwarder/log.ts';
import { UplinkSender } from '../../forwarder/uplink-sender.ts';
import { hostFact } from '../support/facts.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';

let edge: EdgeDouble;
let client: EdgeClient;
let sender: UplinkSender;
let maySend: boolean;
let uid: PromiseWithResolvers<string>;
/** Resolves when the uid is asked for, which is before a session is opened. */
let asked: PromiseWithResolvers<void>;
let done: Promise<string | null>;
const inventory = new Inventory();
let stopping: AbortController;

beforeEach(async () => {
  edge = await EdgeDouble.start();
  client = createEdgeClient(edge.url, 'harvester', {});
  inventory.replace('host', [hostFact({ name: 'harv-1', roles: [] })]);
  maySend = true;
  uid = Promise.withResolvers();
  asked = Promise.withResolvers();
  stopping = new AbortController();
  sender = new UplinkSender({
    place: { edge: edge.url, cluster: 'harvester' },
    edge: client,
    readToken: () => ok(TOKEN),
    picture: {
      inventory,
      isWatched: true,
      readClusterUid: async () => {
        asked.resolve();
        return ok(await uid.promise);
      },
      isAnswering: async () => true,
    },
    maySend: () => maySend,
    forwarderVersion: '1.2.3',
    clock: systemClock,
    random: () => 0.5,
    log: createLog({ level: 'error', format: 'text', write: () => {}, now: () => new Date() }),
  });
  done = sender.run(stopping.signal);
});
afterEach(async () => {
  stopping.abort();
  await done;
  await client.close();
  await edge.close();
});

test('a session is not opened where the Lease became doubtful while it was being prepared; later it is, once', async () => {
  await asked.promise;
  maySend = false;
  asked = Promise.withResolvers();
  uid.resolve('uid-of-kube-system');
  await new Promise(setImmediate);
  sender.wake();
  maySend = true;
  sender.wake();
  // Asked anew, so nothing came of the first time.
  await asked.promise;
  await edge.until(() => edge.isSynced);
  expect(edge.sessions).toHaveLength(1);
});

test('changes wait while it is doubtful, and leave when it is not any more', async () => {
  uid.resolve('uid-of-kube-system');
  await edge.until(() => edge.isSynced);
  maySend = false;
  inventory.set('host', hostFact({ name: 'harv-2', roles: [] }));
  sender.wake();
  expect(sender.progressSeat).toBe(null);
  const told = edge.batches.length;
  await new Promise(setImmediate);
  expect(edge.batches.length).toBe(told);
  maySend = true;
  sender.wake();
  await edge.until(() => edge.hosts.has('harv-2'));
  expect(edge.sessions).toHaveLength(1);
});
