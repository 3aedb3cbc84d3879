/**
 * The sender against an edge over HTTP, for the files of its tests: importing it gives each test an edge, a cluster of two hosts and two VMs,
 * and a sender that is not started yet; all of it is ended after the test.
 */
import { afterEach, beforeEach, expect } from 'vitest';
import { Inventory } from '../../core/derive/inventory.ts';
import type { HostFact, VmFact, VmiFact, VmimFact } from '../../core/facts.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Batch } from '../../core/uplink.ts';
import { createEdgeClient, type EdgeClient } from '../../forwarder/edge-client.ts';
import { createLog } from '../../forwarder/log.ts';
import { type Picture, UplinkSender } from '../../forwarder/uplink-sender.ts';
import * as facts from '../support/facts.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';
import { ManualClock } from './manual-clock.ts';

export const hostFact = (name: string): HostFact => facts.hostFact({ name, roles: [] });
export const vmFact = (name: string): VmFact => facts.vmFact({ name, uid: `vm-${name}` });
export const vmiFact = (name: string, nodeName: string): VmiFact =>
  facts.vmiFact({ name, uid: `vmi-${name}`, createdAt: 0, nodeName, conditions: [{ type: 'Ready', status: 'True' }] });
export const endedFact = (vm: string, uid: string): VmimFact =>
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

export let edge: EdgeDouble;
let client: EdgeClient;
/** Requests that were begun, counted in the turn in which they begin. */
export let postCount: number;
export let clock: ManualClock;
export let picture: FakePicture;
export let sender: UplinkSender;
let stopping: AbortController;
export let done: Promise<string | null>;
export let lines: string[];
/** The file with the token; `next`: what it holds once it was read. */
export const tokenFile = { content: '', next: null as string | null, isReadable: true };
/** What the telemetry was told. */
export let told: string[];

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
  Object.assign(tokenFile, { content: TOKEN, next: null, isReadable: true });
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
      const { content, next, isReadable } = tokenFile;
      tokenFile.content = next ?? content;
      return isReadable ? ok(content) : err('the token file is away');
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

export const start = (): void => {
  done = sender.run(stopping.signal);
};
export const goLive = async (): Promise<void> => {
  start();
  await edge.until(() => edge.isSynced);
  // The commit's answer is on its way; the next heartbeat is what the sender then waits for.
  await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
};
export const move = (name: string, host: string): void => {
  picture.inventory.set('vmi', vmiFact(name, host));
  sender.wake();
};
export const kinds = (from = 0): readonly string[] => edge.batches.slice(from).map(({ kind }) => kind);
export const hostOf = (name: string): string | null | undefined => edge.vms.get(`default/${name}`)?.host;
export const lastBatch = (): Batch | undefined => edge.batches.at(-1);
export const warnings = (): readonly string[] => lines.filter((line) => !line.startsWith('info:'));
export const isShort = (delayMs: number): boolean => delayMs < HEARTBEAT_INTERVAL_MS;
