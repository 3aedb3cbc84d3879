/** A forwarder that something is done to, and the room that it fills, seen through a viewer's stream. */
import { expect } from 'vitest';
import type { Pulse } from '../../core/downlink.ts';
import { freshnessOf } from '../../core/freshness.ts';
import type { TestKubeClient } from './kube-client.ts';
import type { TestProcess } from './processes.ts';
import { type EdgeProcess, eventually, startForwarder } from './stack.ts';
import { freshnessOfRoom, readRoom, untilEqual } from './truth.ts';
import { openViewer } from './viewer.ts';

export interface Patient {
  readonly name: string;
  readonly forwarder: TestProcess;
  /** Until its room equals the cluster and is live. */
  untilEqual(): Promise<void>;
  /** Until its room says stale, to who asks and on the stream. */
  untilStale(): Promise<void>;
  /** Closes the viewer's stream. */
  stopLooking(): void;
  stop(): Promise<void>;
}

/** More than what counts as live, and than a heartbeat and a ping. */
const STALE_WITHIN_MS = 90_000;

/** `name`: of the cluster at the edge. Resolves when its room equals the cluster. */
export async function startPatient(edge: EdgeProcess, name: string, kubeconfig: string, client: TestKubeClient): Promise<Patient> {
  const forwarder = await startForwarder(edge, name, kubeconfig);
  const viewer = await openViewer(edge.url, name);
  const patient: Patient = {
    name,
    forwarder,
    untilEqual: () => untilEqual(edge.url, name, client),
    async untilStale() {
      const from = viewer.events.length;
      await eventually(
        async () => freshnessOfRoom(await readRoom(edge.url, name)),
        (freshness) => freshness === 'stale',
        `the room ${name} says stale`,
        STALE_WITHIN_MS,
      );
      // Whoever has the stream open computes the same of the pulses that come on it (D3, D5).
      const stale = await viewer.waitFor(
        (event) => viewer.events.indexOf(event) >= from && event.event === 'ping' && isStale(event.data as Pulse),
        `the stream of ${name} says stale`,
        STALE_WITHIN_MS,
      );
      expect(stale.data).toMatchObject({ cursor: viewer.state?.cursor });
    },
    stopLooking: () => viewer.close(),
    async stop() {
      viewer.close();
      await forwarder.stop();
    },
  };
  try {
    await patient.untilEqual();
  } catch (error) {
    await patient.stop();
    throw new Error(`${String(error)}\n${forwarder.output()}`, { cause: error });
  }
  return patient;
}

const isStale = ({ lastHeard, now }: Pulse): boolean => freshnessOf(lastHeard, now) === 'stale';
