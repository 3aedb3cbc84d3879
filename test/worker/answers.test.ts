/** Real answers of the Worker, a live room's and problems', fit the schemas that the OpenAPI document tells of them, and have nothing besides. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { DerivedVm } from '../../core/model.ts';
import { SCHEMAS } from '../../worker/api/openapi.ts';
import { countUnknownFields } from '../../worker/unknown-fields.ts';
import { ADMIN, bearer, call, finished, freshName, host, liveCluster, TestForwarder, TestViewer, vm } from './support.ts';

/** As the schema says, and nothing besides. */
function expectToFit(name: string, value: unknown): void {
  const schema: v.GenericSchema = SCHEMAS[name as keyof typeof SCHEMAS];
  const parsed = v.safeParse(schema, value);
  expect(parsed.success ? [] : parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`), name).toEqual([]);
  expect(countUnknownFields(value, parsed.output), `${name}: ${JSON.stringify(value)}`).toBe(0);
}

describe('real answers fit', () => {
  const transit = { id: 'm2', stage: 'transferring', cause: 'drain', evidence: 'e', from: 'host-1', to: 'host-2' } as const;
  const waitingFor = { reason: 'host-limit', used: 2, limit: 2, assumed: true, host: 'host-1', place: 1 } as const;
  const full: Partial<DerivedVm> = {
    displayName: 'A',
    reason: 'r',
    danger: ['not-converging'],
    cpu: 2,
    memory: 4e9,
    os: 'Ubuntu',
    labels: { team: 'db', gpu: '' },
    migratable: { ok: false, reason: 'r' },
  };
  const drain = { here: 2, moving: 1, stopping: 0, waiting: 1, stuck: 0, arriving: 0, safe: false, because: 'vms-here' } as const;

  /** A cluster with everything that can be told: a drain, ends of all kinds, a loop, transits, places. */
  async function eventfulCluster(): Promise<TestForwarder> {
    const forwarder = await liveCluster();
    await forwarder.change({
      hosts: [host('host-1', { drain, state: 'draining', reasons: ['cordoned'], displayName: 'One', zone: 'a', cpu: 3, memory: 1e10 })],
      vms: [
        vm('a', 'host-1', { ...full, transit: { ...transit, id: 'm1' } }),
        vm('b', 'host-1', { evacuation: { from: 'host-1', waitingFor } }),
      ],
    });
    await forwarder.change({
      vms: [vm('a', 'host-2')],
      finished: [finished('m1', 'a', { overAt: 5, evidence: 'e', requested: 'host-2' })],
    });
    for (const id of ['f1', 'f2', 'f3']) {
      await forwarder.change({ finished: [finished(id, 'b', { outcome: 'failed', cause: 'drain', reason: 'no room', overAt: 9 })] });
    }
    const peer = { direction: 'out', pair: 'p', host: 'host-1' } as const;
    await forwarder.change({
      vms: [vm('a', 'host-2', { ...full, transit: { ...transit, from: 'host-2', to: 'host-1', suspended: true, peer } })],
    });
    await forwarder.change({
      vms: [vm('a', 'host-2', { ...full, transit: { ...transit, from: 'host-2', to: 'host-1', stage: 'switching' } })],
    });
    return forwarder;
  }

  const json = async (response: Response, status = 200): Promise<unknown> => {
    expect(response.status).toBe(status);
    return response.json();
  };

  test('what viewers ask', async () => {
    const { cluster } = await eventfulCluster();
    const at = `/api/v1/clusters/${cluster}`;
    const answers: readonly (readonly [string, string])[] = [
      ['ClusterList', '/api/v1/clusters'],
      ['ClusterList', '/api/v1/clusters?follow=true'],
      ['Snapshot', at],
      ['Snapshot', `${at}?at=${Date.now()}`],
      ['FramePage', `${at}/frames`],
      ['FramePage', `${at}/frames?limit=2`],
      ['Migrations', `${at}/migrations`],
      ['Migrations', `${at}/migrations?limit=1`],
      ['Migrations', `${at}/migrations?bucket=60`],
      ['VmDetail', `${at}/vms/default/a`],
      ['VmHistory', `${at}/vms/default/a/history`],
      ['VmHistory', `${at}/vms/default/b/history`],
      ['OpenApi', '/api/v1/openapi.json'],
      ['Health', '/healthz'],
    ];
    for (const [schema, path] of answers) expectToFit(schema, await json(await call(path)));
  });

  test('the events of both streams', async () => {
    const forwarder = await eventfulCluster();
    const events: Readonly<Record<string, string>> = {
      snapshot: 'Snapshot',
      frame: 'Frame',
      heard: 'Pulse',
      ping: 'Pulse',
      progress: 'ProgressEvent',
    };
    const viewer = await TestViewer.open('direct', forwarder.cluster);
    await forwarder.change({ goneVms: ['default/b'], goneHosts: ['host-3'] });
    await forwarder.heartbeat();
    const progress = [{ vm: 'default/a', migration: 'm2', percent: 5, remaining: 1, rate: 2, dirtyRate: 3, stuck: true }];
    await forwarder.post('progress', { session: forwarder.session, progress });
    const seen = new Set<string>();
    for (const { event, data } of [await viewer.next(), await viewer.next(), await viewer.next(), await viewer.next()].flatMap(
      (one) => one ?? [],
    )) {
      seen.add(event);
      expectToFit(events[event] ?? event, data);
    }
    expect([...seen].sort()).toEqual(['frame', 'heard', 'progress', 'snapshot']);
    await viewer.close();
    const fleet = new TestViewer(await call('/api/v1/stream', {}, { FAN_OUT: 'direct' }));
    expectToFit('FleetSnapshot', (await fleet.next())?.data);
    await fleet.close();
  });

  test('what administrators and forwarders ask', async () => {
    const cluster = freshName();
    const admin = { method: 'POST', headers: bearer(ADMIN) };
    const issued = await json(await call('/api/v1/clusters', { ...admin, body: JSON.stringify({ cluster }) }), 201);
    expectToFit('IssuedCode', issued);
    const path = `/api/v1/clusters/${cluster}/install.yaml?code=${(issued as { code: string }).code}`;
    const redeemed = await json(await call(path, { headers: { accept: 'application/json' } }));
    expectToFit('IssuedToken', redeemed);
    expectToFit('IssuedCode', await json(await call(`/api/v1/clusters/${cluster}/token`, admin), 201));
    const { token } = redeemed as { token: string };
    const forwarder = new TestForwarder(cluster, token);
    expectToFit('SessionOpened', await json(await forwarder.post('sessions', { protocol: 1, clusterUid: 'u', forwarder: 't' })));
    forwarder.session = 1;
    for (const batch of [
      { kind: 'sync-part', hosts: [], vms: [], finished: [] },
      { kind: 'sync-commit', parts: 1, digest: forwarder.digest },
    ]) {
      expectToFit('BatchAnswer', await forwarder.send(batch));
    }
    expectToFit('Nothing', await json(await forwarder.post('progress', { session: 1, progress: [] })));
    expectToFit('UplinkCheck', await json(await call(`/api/v1/clusters/${cluster}/uplink?protocol=1`, { headers: bearer(token) })));
    const settings = { VIEWER_ACCESS: 'token', VIEWER_TOKEN: 'a-token-for-the-viewers' };
    const wish = JSON.stringify({ clusters: [cluster], expiresInSeconds: 600, note: 'n' });
    expectToFit('IssuedShare', await json(await call('/api/v1/shares', { ...admin, body: wish }, settings), 201));
    expectToFit('ShareList', await json(await call('/api/v1/shares', { headers: bearer(ADMIN) }, settings)));
  });

  test('refusals', async () => {
    const { cluster } = await liveCluster();
    for (const [path, status] of [
      ['/api/v1/nothing', 404],
      ['/api/v1/clusters/nobody', 404],
      [`/api/v1/clusters/${cluster}?at=yesterday`, 400],
      [`/api/v1/clusters/${cluster}?at=1`, 404],
      [`/api/v1/clusters/${cluster}/frames?from=0-0`, 400],
      [`/api/v1/clusters/${cluster}/vms/default/nobody`, 404],
      ['/metrics', 401],
    ] as const) {
      const response = await call(path);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expectToFit('Problem', await json(response, status));
    }
  });
});
