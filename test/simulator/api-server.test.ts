import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type ServedCluster, type ServeOptions, serveCluster } from '../../simulator/api-server.ts';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster, ClusterOptions } from '../../simulator/types.ts';
import { freePort } from '../support/free-port.ts';

const KUBEVIRT = '/apis/kubevirt.io/v1';
const VMIS = `${KUBEVIRT}/virtualmachineinstances`;
const VMIMS = `${KUBEVIRT}/namespaces/default/virtualmachineinstancemigrations`;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
/** Enough to fill every buffer between two sockets on one machine, and to leave the kept history behind. */
const ROUND_COUNT = 200;
const STREAM = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
const VM = { namespace: 'default', name: 'ubuntu-web-1' };

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at field by field
type Body = any;
interface Served {
  readonly cluster: Cluster;
  readonly server: ServedCluster;
  readonly clock: VirtualClock;
}
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Cluster and server share one virtual clock: nothing happens by itself. */
async function serve(options: ClusterOptions = {}, serveOptions: ServeOptions = {}): Promise<Served> {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock, runId: 'test', ...options });
  const server = await serveCluster(cluster, { clock, ...serveOptions });
  closing.push(() => server.close());
  return { cluster, server, clock };
}
async function call({ server }: Served, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const init = body === undefined ? { method, headers } : { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  const json: Body = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
  return { code: response.status, text, json, headers: response.headers };
}
const get = (served: Served, path: string) => call(served, 'GET', path);

interface Watch {
  next(): Promise<Body>;
  /** All there is until the stream ends, or breaks. */
  rest(): Promise<{ readonly events: readonly Body[]; readonly broken: boolean }>;
}
async function watch({ server }: Served, path: string): Promise<Watch> {
  const response = await fetch(`${server.url}${path}`);
  expect(response.status).toBe(200);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  const next = async (): Promise<Body> => {
    for (;;) {
      const end = buffer.indexOf('\n');
      if (end >= 0) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 1);
        return JSON.parse(line);
      }
      const { done, value } = await reader.read();
      if (done) return null;
      buffer += decoder.decode(value, { stream: true });
    }
  };
  return {
    next,
    async rest() {
      const events: Body[] = [];
      try {
        for (let event = await next(); event !== null; event = await next()) events.push(event);
        return { events, broken: false };
      } catch {
        return { events, broken: true };
      }
    },
  };
}
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

describe('lists', () => {
  test('pages are one consistent snapshot, whatever happens meanwhile', async () => {
    const served = await serve({ vms: 40 });
    const whole = await get(served, VMIS);
    const items: Body[] = [];
    let token = '';
    do {
      const { code, json } = await get(served, `${VMIS}?limit=7${token === '' ? '' : `&continue=${token}`}`);
      expect(code).toBe(200);
      expect(json.metadata.resourceVersion).toBe(whole.json.metadata.resourceVersion);
      items.push(...json.items);
      expect(json.metadata.remainingItemCount ?? 0).toBe(whole.json.items.length - items.length);
      token = json.metadata.continue ?? '';
      served.cluster.restart({ namespace: items.at(-1).metadata.namespace, name: items.at(-1).metadata.name }).finish();
    } while (token !== '');
    expect(items).toEqual(whole.json.items);
    expect(whole.json).toMatchObject({ kind: 'VirtualMachineInstanceList', apiVersion: 'kubevirt.io/v1' });
  });

  test('an expired continue token is HTTP 410, and its answer says how to go on', async () => {
    const served = await serve();
    const first = await get(served, `${VMIS}?limit=4`);
    served.cluster.faults.forgetHistory();
    const expired = await get(served, `${VMIS}?limit=4&continue=${first.json.metadata.continue}`);
    expect(expired).toMatchObject({ code: 410, json: { kind: 'Status', reason: 'Expired', code: 410 } });
    const next = await get(served, `${VMIS}?continue=${expired.json.metadata.continue}`);
    const names = [...first.json.items, ...next.json.items].map(({ metadata }: Body) => `${metadata.namespace}/${metadata.name}`);
    expect(names).toEqual(served.cluster.list('virtualmachineinstances').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  });

  test('selectors and namespaces choose', async () => {
    const served = await serve();
    const namesAt = async (path: string) => (await get(served, path)).json.items.map(({ metadata }: Body) => metadata.name);
    expect(await namesAt(`${KUBEVIRT}/namespaces/staging/virtualmachines`)).toEqual(['ubuntu-web-1', 'windows-test-1']);
    expect(await namesAt(`${KUBEVIRT}/virtualmachines?labelSelector=harvesterhci.io/os%3Dopensuse`)).toEqual(['opensuse-build-1']);
    expect(await namesAt('/api/v1/nodes?fieldSelector=metadata.name%3Dharv-2')).toEqual(['harv-2']);
  });

  test('a token that was made elsewhere, and a version of the future', async () => {
    const served = await serve();
    expect((await get(served, `${VMIS}?continue=abc`)).code).toBe(400);
    expect(await get(served, `${VMIS}?resourceVersion=99999999999999`)).toMatchObject({
      code: 504,
      json: { message: expect.stringContaining('Too large resource version') },
    });
    expect((await get(served, `${VMIS}?resourceVersion=0`)).code).toBe(200);
  });
});

describe('watches', () => {
  test('from a list on: every write once, in order, nothing else', async () => {
    const served = await serve();
    const { metadata } = (await get(served, `${KUBEVIRT}/virtualmachineinstancemigrations`)).json;
    const move = served.cluster.migrate({ ...VM, outcome: 'aborted' });
    move.stepTo('Pending');
    const stream = await watch(
      served,
      `${KUBEVIRT}/virtualmachineinstancemigrations?watch=1&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=60`,
    );
    move.finish();
    served.clock.advance(60_000);
    const { events, broken } = await stream.rest();
    expect(broken).toBe(false);
    expect(events[0].type).toBe('ADDED');
    expect(events.at(-1).type).toBe('DELETED');
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect([...new Set(versions)].sort((a, b) => a - b)).toEqual(versions);
    const phases = events.map(({ object }) => object.status?.phase);
    expect(phases.filter((phase, index) => phases.indexOf(phase) === index)).toEqual([
      undefined,
      'Pending',
      'Scheduling',
      'Scheduled',
      'PreparingTarget',
      'TargetReady',
      'Running',
      'Failed',
    ]);
  });

  test('without a version everything is ADDED first', async () => {
    const served = await serve();
    const stream = await watch(served, '/api/v1/nodes?watch=true&timeoutSeconds=5');
    served.clock.advance(5000);
    const { events } = await stream.rest();
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(['ADDED harv-1', 'ADDED harv-2', 'ADDED harv-3']);
  });

  test('older than the kept history: HTTP 200, one ERROR event with code 410, the end', async () => {
    const served = await serve({ historyCount: 20 });
    const { resourceVersion } = (await get(served, VMIS)).json.metadata;
    for (let round = 0; round < 3; round += 1) served.cluster.migrate(VM).finish();
    const stream = await watch(served, `${VMIS}?watch=1&resourceVersion=${resourceVersion}`);
    const { events } = await stream.rest();
    expect(events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
  });

  test('forgetHistory makes what was handed out so far too old', async () => {
    const served = await serve();
    const { resourceVersion } = (await get(served, VMIS)).json.metadata;
    served.cluster.faults.forgetHistory();
    const old = await watch(served, `${VMIS}?watch=1&resourceVersion=${resourceVersion}`);
    expect((await old.next()).object.code).toBe(410);
    const fresh = (await get(served, VMIS)).json.metadata.resourceVersion;
    const stream = await watch(served, `${VMIS}?watch=1&resourceVersion=${fresh}`);
    served.cluster.pause(VM).finish();
    expect((await stream.next()).type).toBe('MODIFIED');
  });

  test('bookmarks come each minute and before the end, and keep a quiet kind inside the history', async () => {
    const served = await serve({ historyCount: 20 });
    const { resourceVersion } = (await get(served, '/api/v1/nodes')).json.metadata;
    const stream = await watch(
      served,
      `/api/v1/nodes?watch=1&resourceVersion=${resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=90`,
    );
    for (let round = 0; round < 3; round += 1) served.cluster.migrate(VM).finish();
    served.clock.advance(60_000);
    const bookmark = await stream.next();
    expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind: 'Node', apiVersion: 'v1' } });
    expect(bookmark.object.metadata.resourceVersion).toBe(String(served.cluster.store.version));
    served.clock.advance(28_500);
    expect((await stream.next()).type).toBe('BOOKMARK');
    expect(served.server.watchCount).toBe(1);
    served.clock.advance(1500);
    expect(await stream.rest()).toEqual({ events: [], broken: false });
    expect(served.server.watchCount).toBe(0);
  });

  test('a list as a stream: everything ADDED, a bookmark that ends it, then what changes', async () => {
    const served = await serve({ vms: 250 });
    const { items } = (await get(served, VMIS)).json;
    const version = served.cluster.store.version;
    const stream = await watch(served, `${VMIS}?${STREAM}&resourceVersion=1`);
    served.cluster.pause(VM).finish();
    const names: string[] = [];
    for (const _ of items) {
      const { type, object } = await stream.next();
      names.push(`${type} ${object.metadata.name}`);
    }
    expect(names).toEqual(items.map(({ metadata }: Body) => `ADDED ${metadata.name}`));
    expect(await stream.next()).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'VirtualMachineInstance',
        apiVersion: 'kubevirt.io/v1',
        metadata: { resourceVersion: String(version), creationTimestamp: null, annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    expect(await stream.next()).toMatchObject({ type: 'MODIFIED', object: { metadata: { name: VM.name } } });
    served.clock.advance(60_000);
    for (;;) {
      const { type, object } = await stream.next();
      if (type === 'BOOKMARK') return expect(object.metadata.annotations).toBeUndefined();
    }
  });

  test('of nothing at all, the stream is its end', async () => {
    const served = await serve();
    const stream = await watch(served, `${VMIMS}?${STREAM}`);
    expect((await stream.next()).object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('Kubernetes 1.33 says its version, and that it streams no lists', async () => {
    const served = await serve({}, { kubernetes: '1.33' });
    expect((await get(served, '/version')).json).toMatchObject({ minor: '33', gitVersion: expect.stringMatching(/^v1\.33\./) });
    expect(await get(served, `/api/v1/nodes?${STREAM}`)).toMatchObject({ code: 422, json: { reason: 'Invalid' } });
    expect((await get(await serve(), '/version')).json).toMatchObject({ minor: '34', gitVersion: expect.stringMatching(/^v1\.34\./) });
  });

  test('an object that leaves the selection is DELETED for that watch', async () => {
    const served = await serve();
    const stream = await watch(
      served,
      `${VMIS}?watch=1&resourceVersion=${served.cluster.store.version}&labelSelector=kubevirt.io/migrationTargetNodeName`,
    );
    served.cluster.migrate(VM).finish();
    const types = [(await stream.next()).type];
    while (types.at(-1) !== 'DELETED') types.push((await stream.next()).type);
    expect(types[0]).toBe('ADDED');
    expect(types.slice(1, -1).every((type) => type === 'MODIFIED')).toBe(true);
  });

  test('a reader that does not read holds up nobody, costs bounded memory, and is told 410 when it is left behind', async () => {
    const served = await serve({ historyCount: 500 });
    const { server, cluster } = served;
    const path = `${VMIS}?watch=1&resourceVersion=${cluster.store.version}`;
    const slow = await new Promise<import('node:http').IncomingMessage>((resolve) => {
      request(`${server.url}${path}`, resolve).end();
    });
    slow.pause();
    const quick = await watch(served, path);
    let heard = 0;
    for (let round = 0; round < ROUND_COUNT; round += 1) {
      cluster.migrate(VM).finish();
      const { resourceVersion } = cluster.get('virtualmachineinstances', VM.namespace, VM.name)?.metadata ?? {};
      let event = await quick.next();
      while (event.object.metadata.resourceVersion !== resourceVersion) {
        heard += 1;
        event = await quick.next();
      }
    }
    expect(heard).toBeGreaterThan(ROUND_COUNT * 10);
    let text = '';
    slow.setEncoding('utf8');
    slow.on('data', (chunk: string) => {
      text += chunk;
    });
    slow.resume();
    await new Promise((resolve) => slow.once('end', resolve));
    const events: Body[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ type: 'ERROR', object: { code: 410 } });
    const versions = events.slice(0, -1).map(({ object }) => Number(object.metadata.resourceVersion));
    expect([...versions].sort((a, b) => a - b)).toEqual(versions);
  });
});

describe('writes', () => {
  const migration = (metadata: object, vmiName = VM.name) => ({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceMigration',
    metadata,
    spec: { vmiName },
  });

  test('a VMIM that is created starts a migration, which plays by itself', async () => {
    const served = await serve();
    const before = served.cluster.get('virtualmachineinstances', VM.namespace, VM.name)?.status.nodeName;
    const { code, json } = await call(served, 'POST', VMIMS, migration({ generateName: 'mine-', labels: { team: 'blue' } }));
    expect(code).toBe(201);
    expect(json.metadata.name).toMatch(/^mine-.{5}$/);
    expect(json.metadata.labels).toEqual({ team: 'blue', 'kubevirt.io/vmi-name': VM.name });
    expect(json.status).toBeUndefined();
    served.clock.advance(30_000);
    expect((await get(served, `${VMIMS}/${json.metadata.name}`)).json.status.phase).toBe('Succeeded');
    expect(served.cluster.get('virtualmachineinstances', VM.namespace, VM.name)?.status.nodeName).not.toBe(before);
  });

  test('it asks for a host', async () => {
    const served = await serve();
    const body = { ...migration({ name: 'm' }), spec: { vmiName: VM.name, addedNodeSelector: { 'kubernetes.io/hostname': 'harv-3' } } };
    expect((await call(served, 'POST', VMIMS, body)).code).toBe(201);
    served.clock.advance(30_000);
    expect(served.cluster.get('virtualmachineinstances', VM.namespace, VM.name)?.status.nodeName).toBe('harv-3');
  });

  test('a VMIM that is deleted is aborted, and then gone', async () => {
    const served = await serve();
    await call(served, 'POST', VMIMS, migration({ name: 'm' }));
    served.clock.advance(4000);
    const { code, json } = await call(served, 'DELETE', `${VMIMS}/m`);
    expect(code).toBe(200);
    expect(json.metadata.deletionTimestamp).toBeDefined();
    served.clock.advance(30_000);
    expect((await get(served, `${VMIMS}/m`)).code).toBe(404);
    expect((await call(served, 'DELETE', `${VMIMS}/m`)).code).toBe(404);
  });

  test('a finished VMIM that is deleted is gone at once', async () => {
    const served = await serve();
    await call(served, 'POST', VMIMS, migration({ name: 'm' }));
    served.clock.advance(30_000);
    expect(await call(served, 'DELETE', `${VMIMS}/m`)).toMatchObject({ code: 200, json: { kind: 'Status', status: 'Success' } });
  });

  test.each([
    ['not JSON', 'POST', VMIMS, '{', 400, 'not JSON'],
    ['not an object', 'POST', VMIMS, '[]', 400, 'not a JSON object'],
    ['another kind', 'POST', VMIMS, { kind: 'Pod' }, 400, 'expected "VirtualMachineInstanceMigration"'],
    ['no name', 'POST', VMIMS, migration({}), 422, 'name or generateName is required'],
    ['a bad name', 'POST', VMIMS, migration({ name: 'No Way' }), 422, 'RFC 1123'],
    ['no vmiName', 'POST', VMIMS, { ...migration({ name: 'm' }), spec: {} }, 422, 'spec.vmiName: Required value'],
    ['a VM that cannot move', 'POST', VMIMS, migration({ name: 'm' }, 'render-gpu-1'), 400, 'HostDeviceNotLiveMigratable'],
    ['a VM that is not there', 'POST', VMIMS, migration({ name: 'm' }, 'nobody'), 400, 'does not exist'],
    [
      'a namespace that is not there',
      'POST',
      VMIMS.replace('default', 'nowhere'),
      migration({ name: 'm' }),
      404,
      'namespaces "nowhere" not found',
    ],
    ['another namespace inside', 'POST', VMIMS, migration({ name: 'm', namespace: 'staging' }), 400, 'does not match'],
    [
      'a lease that is not there',
      'PUT',
      `${LEASES}/x`,
      { kind: 'Lease', metadata: { name: 'x' } },
      404,
      'leases.coordination.k8s.io "x" not found',
    ],
    ['another name inside', 'PUT', `${LEASES}/x`, { kind: 'Lease', metadata: { name: 'y' } }, 400, 'does not match the name on the URL'],
    ['a node field that is not served', 'PATCH', '/api/v1/nodes/harv-1', { metadata: { labels: {} } }, 422, 'only spec.unschedulable'],
    ['a node that is not there', 'PATCH', '/api/v1/nodes/harv-9', { spec: { unschedulable: true } }, 404, 'nodes "harv-9" not found'],
  ] as const)('%s is refused, and says why', async (_what, method, path, body, code, message) => {
    const served = await serve();
    const { version } = served.cluster.store;
    expect(await call(served, method, path, body)).toMatchObject({
      code,
      json: { kind: 'Status', status: 'Failure', code, message: expect.stringContaining(message) },
    });
    expect(served.cluster.store.version).toBe(version);
  });

  test('a second migration of a VM is refused; a taken name too', async () => {
    const served = await serve();
    await call(served, 'POST', VMIMS, migration({ name: 'm' }));
    expect((await call(served, 'POST', VMIMS, migration({ name: 'n' }))).json.message).toContain('in-flight migration detected');
    expect((await call(served, 'POST', VMIMS, migration({ name: 'm' }, 'debian-mail-1'))).json).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
    });
  });

  test('a node is cordoned and uncordoned by a merge patch', async () => {
    const served = await serve();
    const patch = (unschedulable: boolean | null) =>
      call(served, 'PATCH', '/api/v1/nodes/harv-1', { spec: { unschedulable } }, { 'content-type': 'application/merge-patch+json' });
    expect((await patch(true)).json.spec.unschedulable).toBe(true);
    expect((await patch(null)).json.spec.unschedulable).toBeUndefined();
  });

  test('a lease: created, renewed, lost to another, patched, deleted', async () => {
    const served = await serve();
    const created = await call(served, 'POST', LEASES, {
      kind: 'Lease',
      metadata: { name: 'leader' },
      spec: { holderIdentity: 'one', leaseDurationSeconds: 15 },
    });
    expect(created.code).toBe(201);
    const renewed = await call(served, 'PUT', `${LEASES}/leader`, { ...created.json, spec: { ...created.json.spec, leaseTransitions: 1 } });
    expect(renewed).toMatchObject({
      code: 200,
      json: { metadata: { uid: created.json.metadata.uid }, spec: { holderIdentity: 'one', leaseTransitions: 1 } },
    });
    const late = await call(served, 'PUT', `${LEASES}/leader`, { ...created.json, spec: { holderIdentity: 'two' } });
    expect(late).toMatchObject({
      code: 409,
      json: { reason: 'Conflict', message: expect.stringContaining('the object has been modified') },
    });
    const patched = await call(served, 'PATCH', `${LEASES}/leader`, { spec: { holderIdentity: null, renewTime: 'now' } });
    expect(patched.json.spec).toEqual({ leaseDurationSeconds: 15, leaseTransitions: 1, renewTime: 'now' });
    expect((await call(served, 'DELETE', `${LEASES}/leader`)).json.status).toBe('Success');
    expect((await get(served, LEASES)).json.items).toEqual([]);
  });
});

describe('faults', () => {
  test('the next requests of a kind fail, with Retry-After', async () => {
    const served = await serve();
    served.cluster.faults.failNext(2, 429, { kind: 'nodes', retryAfter: 3 });
    expect((await get(served, VMIS)).code).toBe(200);
    const failed = await get(served, '/api/v1/nodes');
    expect(failed).toMatchObject({ code: 429, json: { kind: 'Status', reason: 'TooManyRequests', code: 429 } });
    expect(failed.headers.get('retry-after')).toBe('3');
    expect((await get(served, '/api/v1/nodes?watch=1')).code).toBe(429);
    expect((await get(served, '/api/v1/nodes')).code).toBe(200);
  });

  test('cut watches break in the middle; those of another kind live on', async () => {
    const served = await serve();
    const from = served.cluster.store.version;
    const cut = await watch(served, `${VMIS}?watch=1&resourceVersion=${from}`);
    const kept = await watch(served, `/api/v1/nodes?watch=1&resourceVersion=${from}`);
    served.cluster.faults.cutWatches('virtualmachineinstances');
    expect(await cut.rest()).toEqual({ events: [], broken: true });
    served.cluster.cordon('harv-1');
    expect((await kept.next()).type).toBe('MODIFIED');
  });

  test('frozen watches say nothing until they thaw, and then miss nothing', async () => {
    const served = await serve();
    const path = `/api/v1/nodes?watch=1&resourceVersion=${served.cluster.store.version}&allowWatchBookmarks=1`;
    const stream = await watch(served, path);
    served.cluster.faults.freezeWatches();
    served.cluster.cordon('harv-1');
    served.clock.advance(120_000);
    served.cluster.faults.thawWatches();
    served.cluster.uncordon('harv-1');
    const heard = [await stream.next(), await stream.next()];
    expect(heard.map(({ type, object }) => `${type} ${object.spec.unschedulable}`)).toEqual(['MODIFIED true', 'MODIFIED undefined']);
  });

  test('a kind whose CRD is not installed: plain 404, and gone from discovery', async () => {
    const served = await serve();
    served.cluster.faults.withoutKind('virtualmachineinstances');
    expect(await get(served, VMIS)).toMatchObject({ code: 404, text: '404 page not found\n' });
    const names = (await get(served, KUBEVIRT)).json.resources.map(({ name }: Body) => name);
    expect(names).toEqual(['virtualmachines', 'virtualmachineinstancemigrations', 'kubevirts']);
    served.cluster.faults.withoutKind('virtualmachines');
    served.cluster.faults.withoutKind('virtualmachineinstancemigrations');
    served.cluster.faults.withoutKind('kubevirts');
    expect((await get(served, KUBEVIRT)).code).toBe(404);
    expect((await get(served, '/apis')).json.groups.map(({ name }: Body) => name)).toEqual([
      'coordination.k8s.io',
      'metal.harvesterhci.io',
      'harvesterhci.io',
    ]);
    served.cluster.faults.clear();
    expect((await get(served, VMIS)).code).toBe(200);
  });

  test('forbidden: who may not do what on which resource', async () => {
    const served = await serve({}, { user: 'system:serviceaccount:lab:reader' });
    served.cluster.faults.forbid('list', 'virtualmachineinstances');
    served.cluster.faults.forbid('get', 'namespaces');
    expect((await get(served, VMIS)).json).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'virtualmachineinstances.kubevirt.io is forbidden: User "system:serviceaccount:lab:reader" cannot list resource "virtualmachineinstances" in API group "kubevirt.io" at the cluster scope',
    });
    expect((await get(served, '/api/v1/namespaces/kube-system')).json.message).toBe(
      'namespaces "kube-system" is forbidden: User "system:serviceaccount:lab:reader" cannot get resource "namespaces" in API group "" at the cluster scope',
    );
    const allowed = await watch(served, `${VMIS}?watch=1&resourceVersion=${served.cluster.store.version}`);
    served.cluster.pause(VM).finish();
    expect((await allowed.next()).type).toBe('MODIFIED');
  });
});

describe('the rest', () => {
  test('a token is asked for where one is set, and stands in the kubeconfig', async () => {
    const served = await serve({ name: 'lab' }, { token: 'secret' });
    expect(await get(served, '/version')).toMatchObject({ code: 401, json: { reason: 'Unauthorized' } });
    expect((await call(served, 'GET', VMIS, undefined, { authorization: 'Bearer wrong' })).code).toBe(401);
    expect((await call(served, 'GET', VMIS, undefined, { authorization: 'Bearer secret' })).code).toBe(200);
    expect(served.server.kubeconfig).toContain('user: { token: "secret" }');
    expect(served.server.kubeconfig).toContain(`server: "${served.server.url}"`);
    expect(served.server.kubeconfig).toContain('current-context: "lab"');
  });

  test('health, version, discovery', async () => {
    const served = await serve();
    for (const path of ['/livez', '/readyz', '/healthz']) expect((await get(served, path)).text).toBe('ok');
    expect((await get(served, '/version')).json.gitVersion).toMatch(/^v1\./);
    expect((await get(served, '/api')).json.versions).toEqual(['v1']);
    expect((await get(served, '/api/v1')).json.resources.map(({ name }: Body) => name)).toEqual([
      'nodes',
      'namespaces',
      'configmaps',
      'pods',
    ]);
    expect((await get(served, KUBEVIRT)).json).toMatchObject({ kind: 'APIResourceList', groupVersion: 'kubevirt.io/v1' });
  });

  test('what is not there', async () => {
    const served = await serve();
    expect((await get(served, '/api/v1/nodes/harv-9')).json).toMatchObject({
      code: 404,
      message: 'nodes "harv-9" not found',
      details: { name: 'harv-9', kind: 'nodes' },
    });
    expect((await get(served, `${KUBEVIRT}/namespaces/default/virtualmachines/x`)).json.details).toEqual({
      name: 'x',
      group: 'kubevirt.io',
      kind: 'virtualmachines',
    });
    expect((await get(served, '/nowhere')).text).toBe('404 page not found\n');
    expect((await get(served, `${KUBEVIRT}/virtualmachinepools`)).text).toBe('404 page not found\n');
    expect((await get(served, '/api/v1/secrets')).json.message).toBe('the server could not find the requested resource');
  });

  test('closing cuts what is open and frees the port', async () => {
    // Not one that the system chose, and would give to another test meanwhile.
    const port = await freePort();
    const { cluster, server, clock } = await serve({}, { port });
    const stream = await watch({ cluster, server, clock }, `${VMIS}?watch=1&resourceVersion=${cluster.store.version}`);
    await server.close();
    expect((await stream.rest()).events).toEqual([]);
    await until(() => server.watchCount === 0);
    const again = await serveCluster(cluster, { port });
    expect(again.url).toBe(server.url);
    await again.close();
  });
});
