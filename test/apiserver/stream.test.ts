/** From a real API server to the Worker's stream (SPEC T1, T2, D1, D2): every step of a migration, in order, for both generations. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../core/downlink.ts';
import { lanesOf } from '../../core/lanes.ts';
import type { Vm } from '../../core/model.ts';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import type { TestProcess } from '../support/processes.ts';
import { type EdgeProcess, eventually, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';

const assets = findKubeApiServer();
const ID = 'default/ubuntu-web-1';

describe.skipIf(assets === null).each([
  ['1.6', 'bridge'],
  ['1.5', 'direct'],
] as const)('a migration of KubeVirt %s comes out of the Worker’s stream (%s)', (kubevirt, fanOut) => {
  let cluster: ApiServerCluster;
  let edge: EdgeProcess;
  let forwarder: TestProcess;
  let viewer: Viewer;

  beforeAll(async () => {
    cluster = await startApiServerCluster(assets ?? '');
    edge = await startEdgeProcess({ FAN_OUT: fanOut });
    forwarder = await startForwarder(edge, 'lab', cluster.server.forwarderKubeConfig);
    viewer = await openViewer(edge.url, 'lab');
    await viewer.waitForState((state) => state.vms.has(ID), 'the first sync');
  });
  afterAll(async () => {
    viewer?.close();
    await forwarder?.stop();
    await edge?.stop();
    await cluster?.stop();
  });

  test('step by step, in order, never in two lists and never in none', async () => {
    const from = await cluster.placementOf('default', 'ubuntu-web-1');
    const to = cluster.hosts.find((host) => host !== from) ?? '';
    const start = viewer.events.length;
    const move = await cluster.migrate('default', 'ubuntu-web-1', to, kubevirt);
    const stages = {
      Pending: 'queued',
      Scheduling: 'scheduling',
      HandedOver: 'preparing',
      Running: 'transferring',
      TargetDomainReady: 'switching',
      Switched: 'finishing',
    } as const;
    for (const [step, stage] of Object.entries(stages)) {
      await move.stepTo(step as keyof typeof stages);
      await viewer.waitForState((state) => state.vms.get(ID)?.transit?.stage === stage, stage);
    }
    await move.finish();
    const end = await viewer.waitForState((state) => state.vms.get(ID)?.transit === undefined, 'over');
    expect(end.vms.get(ID)).toMatchObject({ host: to, state: 'running', lastMigration: { outcome: 'succeeded', cause: 'user', from, to } });

    const seen: Vm[] = viewer.events
      .slice(start)
      .flatMap(({ event, data }) => (event === 'frame' ? ((data as Frame).vms ?? []).filter(({ id }) => id === ID) : []));
    const places = seen.map((vm) => {
      const { settled, leaving, arriving } = lanesOf(vm);
      return settled ?? `${leaving} > ${arriving ?? '?'}`;
    });
    expect(places.filter((place, index) => place !== places[index - 1])).toEqual([from, `${from} > ?`, `${from} > ${to}`, to]);
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['running']));

    const late = await openViewer(edge.url, 'lab', { lastEventId: viewer.events.find(({ id }) => id !== undefined)?.id ?? '' });
    await late.waitFor(({ event }) => event === 'heard', 'resumed');
    expect(
      late.events.filter(({ event }) => event === 'snapshot'),
      'D1: the missed frames, no snapshot',
    ).toEqual([]);
    const missed = (events: Viewer['events']): string[] => events.filter(({ event }) => event === 'frame').map(({ id }) => String(id));
    // Two streams: what comes last may be on one of them and still on its way on the other.
    await eventually(
      () => [missed(late.events), missed(viewer.events)],
      ([resumed, seen]) => JSON.stringify(resumed) === JSON.stringify(seen),
      'the one that came back has every frame that the other has, and no other',
    );
    late.close();
  });
});
