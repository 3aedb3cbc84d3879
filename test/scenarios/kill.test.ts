/** The edge is killed with SIGKILL at random moments under load (SPEC U2, U6, D1): 5 times, 100 times in the long lane. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import { parseCursor } from '../../core/cursor.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { DerivedVm } from '../../core/model.ts';
import { registerCluster } from '../../local/registration.ts';
import { isLong } from '../support/runs.ts';
import { ADMIN_TOKEN, type EdgeProcess, eventually, startEdgeProcess } from '../support/stack.ts';
import { UplinkClient } from '../support/uplink-client.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';

const KILLS_COUNT = isLong ? 50 : 3;
const KILLS = { direct: KILLS_COUNT, bridge: isLong ? 50 : 2 } as const;
const VMS_COUNT = 40;
const CLUSTER = 'killed';
/** The edge lives this long at least, and at most, between two kills. */
const LIFE_MS = { least: 30, most: 600 };
const SECONDS_PER_KILL = 12;
/** For the edge to start, and what is asked once the load has gone on; a busy machine needs most of it. */
const SECONDS_BESIDES = 60;

const vmOf = (index: number, host: string): DerivedVm => ({
  id: `default/vm-${index}`,
  namespace: 'default',
  name: `vm-${index}`,
  uid: `uid-${index}`,
  host,
  state: 'running',
  migratable: { ok: true },
});
const hostOf = (name: string) => ({ name, state: 'active', reasons: [], roles: [] }) as const;

describe.each(['direct', 'bridge'] as const)('the edge is killed under load (%s)', (fanOut) => {
  test(
    'no acknowledged frame is missing, the store opens, viewers resume, the epoch stays',
    async () => {
      const edge = await startEdgeProcess({ FAN_OUT: fanOut });
      try {
        await killUnderLoad(edge, KILLS[fanOut]);
      } finally {
        await edge.stop();
      }
    },
    (SECONDS_BESIDES + KILLS[fanOut] * SECONDS_PER_KILL) * 1_000,
  );
});

async function killUnderLoad(edge: EdgeProcess, kills: number): Promise<void> {
  const token = await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, CLUSTER, CLUSTER);
  const client = new UplinkClient({ edgeUrl: edge.url, cluster: CLUSTER, token });
  const vms = Array.from({ length: VMS_COUNT }, (_, index) => vmOf(index, 'host-1'));
  const opened = await client.sync(['host-1', 'host-2'].map(hostOf), vms);
  const base = stateOf(await snapshotOf(edge));
  const acknowledged: { readonly cursor: string; readonly vm: DerivedVm }[] = [];
  const audience = new ReturningViewer(edge.url);
  await audience.connect();

  let isOver = false;
  const load = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const changed = vmOf(turn % VMS_COUNT, `host-${Math.floor(turn / VMS_COUNT) % 2 === 0 ? 2 : 1}`);
      const { cursor, resync } = await client.change([changed]);
      expect(resync, 'the room holds what was sent (U5)').toBe(false);
      if (cursor !== null) acknowledged.push({ cursor, vm: changed });
    }
  })();
  // A load that is refused is told below, and not as a rejection that nobody handled.
  load.catch(() => {});
  for (let kill = 0; kill < kills; kill++) {
    await pause(LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least));
    await edge.restart();
    await audience.connect();
  }
  const before = acknowledged.length;
  const goesOn = eventually(
    () => acknowledged.length,
    (count) => count > before + VMS_COUNT,
    'the load goes on',
  );
  await Promise.race([load, goesOn]);
  isOver = true;
  await load;
  expect(client.repeated, 'requests were cut off').toBeGreaterThan(0);

  const head = await snapshotOf(edge);
  expect(epochOf(head.cursor), 'the log goes on').toBe(epochOf(opened.cursor));
  expect(hostsOf(head.vms), 'what was acknowledged last is there').toEqual(hostsOf([...client.vms.values()]));
  const frames = await framesAfter(edge, opened.cursor);
  const byCursor = new Map(frames.map((frame) => [frame.to, frame]));
  for (const { cursor, vm } of acknowledged) {
    expect(byCursor.get(cursor)?.vms?.find(({ id }) => id === vm.id)?.host, `the frame ${cursor} is in the log`).toBe(vm.host);
  }
  for (const frame of frames) expect(applyFrame(base, frame).ok, `${frame.from} → ${frame.to}`).toBe(true);
  expect(hostsOf([...base.vms.values()])).toEqual(hostsOf(head.vms));
  expect(base.digest).toBe(head.digest);

  const state = await audience.reach(head.cursor);
  expect(hostsOf([...state.vms.values()])).toEqual(hostsOf(head.vms));
  expect(audience.snapshots, 'it resumed by its cursor each time').toBe(1);
  audience.close();
}

/** A viewer that connects again and again from its cursor, as a page does. */
class ReturningViewer {
  snapshots = 0;
  #state: ClusterState | null = null;
  #viewer: Viewer | null = null;
  readonly #edgeUrl: string;

  constructor(edgeUrl: string) {
    this.#edgeUrl = edgeUrl;
  }

  async connect(): Promise<void> {
    this.#viewer?.close();
    const cursor = this.#state?.cursor ?? undefined;
    this.#viewer = await openViewer(this.#edgeUrl, CLUSTER, {
      ...(cursor !== undefined && { cursor }),
      mayBreak: true,
      onEvent: ({ event, data }) => {
        if (event === 'snapshot') {
          this.snapshots += 1;
          this.#state = stateOf(data as Snapshot);
        } else if (event === 'frame') {
          if (this.#state === null || !applyFrame(this.#state, data as Frame).ok) throw new Error(`a gap after ${this.#state?.cursor}`);
        }
      },
    });
  }

  async reach(cursor: string | null): Promise<ClusterState> {
    const reached = await eventually(
      () => this.#state,
      (state) => state?.cursor === cursor,
      `the viewer is at ${cursor}`,
    );
    if (reached === null) throw new Error('no state');
    return reached;
  }

  close(): void {
    this.#viewer?.close();
  }
}

async function snapshotOf(edge: EdgeProcess): Promise<Snapshot> {
  const answer = await fetch(`${edge.url}/api/v1/clusters/${CLUSTER}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Snapshot;
}

async function framesAfter(edge: EdgeProcess, from: string | null): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let next = from; next !== null; ) {
    const answer = await fetch(`${edge.url}/api/v1/clusters/${CLUSTER}/frames?limit=1000&from=${next}`);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { readonly frames: Frame[]; readonly next: string | null };
    frames.push(...page.frames);
    next = page.frames.length === 0 ? null : page.next;
  }
  return frames;
}

function epochOf(cursor: string | null): string | null {
  const parsed = parseCursor(cursor ?? '');
  return parsed.ok ? parsed.value.epoch : null;
}

const hostsOf = (vms: readonly { readonly id: string; readonly host: string | null }[]): Record<string, string | null> =>
  Object.fromEntries(vms.map(({ id, host }) => [id, host]).toSorted());
