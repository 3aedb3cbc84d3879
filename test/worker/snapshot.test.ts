import { expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import type { DerivedVm } from '../../core/model.ts';
import { composeEntities, formatSnapshot, snapshotChunks } from '../../worker/snapshot.ts';
import { call, finished, host, register, TestForwarder, vm } from './support.ts';

test('the pieces of a snapshot are its text, and share the entities', () => {
  const entities = composeEntities(
    [{ derived: host('host-1', { reasons: ['é€'] }), memory: {} }],
    [{ derived: vm('a', 'host-1'), memory: {} }],
  );
  const head = { cluster: 'lab', cursor: 'e-1', now: 5, lastHeard: 4, digest: '0'.repeat(16) };
  const chunks = snapshotChunks(head, entities);
  const text = new TextDecoder().decode(new Uint8Array(chunks.flatMap((chunk) => [...chunk])));
  expect(text).toBe(formatSnapshot(head, entities));
  expect(JSON.parse(text)).toMatchObject({ ...head, hosts: [{ name: 'host-1', reasons: ['é€'] }], vms: [{ id: 'default/a' }] });
  const others = snapshotChunks({ ...head, now: 6 }, entities);
  expect(others.filter((chunk) => chunks.includes(chunk))).toEqual([entities.bytes]);
});

/** issue 6: what a viewer of a large cluster loads first, compressed as the networks in front of the Worker do. */
const MAX_WIRE_BYTES = 300_000;
const VMS_COUNT = 10_000;
const VMS_PER_PART = 1_000;

test('of 10,000 VMs is at most 300 kB on the wire', async () => {
  const pick = <Item>(items: readonly Item[], turn: number): Item => items[turn % items.length] as Item;
  const hosts = Array.from({ length: 500 }, (_, index) =>
    host(`${pick(['ams', 'fra', 'osl'], index)}-r${index % 40}-hv${index}`, { cpu: 64, memory: 2 ** 39, zone: `zone-${index % 3}` }),
  );
  // Two factors that share nothing with the lists' lengths: names, hosts and sizes are mixed as they are in a grown cluster.
  const vms = Array.from({ length: VMS_COUNT }, (_, index): DerivedVm => {
    const [chance, suffix] = [index * 7_919, ((index * 2_654_435_761) % 2 ** 32).toString(36).slice(-5)];
    const app = pick(['postgres', 'kafka', 'api', 'gitlab-runner', 'win2022-sql', 'redis', 'ldap'], chance);
    const namespace = pick(['payments', 'search', 'billing', 'data', 'identity', 'ci'], index * 31);
    const name = `${app}-${suffix}`;
    return vm(name, index % 20 === 0 ? null : pick(hosts, chance).name, {
      id: `${namespace}/${name}`,
      namespace,
      cpu: 2 ** (chance % 5),
      memory: 2 ** (30 + ((index * 13) % 6)),
      os: 'linux',
      labels: { app, team: namespace },
      ...(index % 50 === 0 && { migratable: { ok: false, reason: 'VMI uses a PCI host device' } }),
    });
    // As Kubernetes lists them.
  }).sort((a, b) => (a.id < b.id ? -1 : 1));
  const forwarder = new TestForwarder('wire', await register('wire'));
  await forwarder.open();
  for (const one of hosts) forwarder.hosts.set(one.name, one);
  for (const one of vms) forwarder.vms.set(one.id, one);
  const parts = VMS_COUNT / VMS_PER_PART;
  for (let part = 0; part < parts; part++) {
    const own = vms.slice(part * VMS_PER_PART, (part + 1) * VMS_PER_PART);
    const moved = own.filter((_, index) => index % 5 === 0).map((one) => finished(`m-${one.id}`, one.name, { vm: one.id, to: one.host }));
    await forwarder.send({ kind: 'sync-part', hosts: part === 0 ? hosts : [], vms: own, finished: moved });
  }
  await forwarder.send({ kind: 'sync-commit', parts, digest: forwarder.digest });
  const { body } = await call('/api/v1/clusters/wire');
  const compressed = await new Response(body?.pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  const whole = await new Response(new Response(compressed).body?.pipeThrough(new DecompressionStream('gzip'))).json<Snapshot>();
  expect(whole.vms).toHaveLength(VMS_COUNT);
  expect(whole.vms.filter(({ lastMigration, labels }) => lastMigration !== undefined && labels !== undefined)).toHaveLength(VMS_COUNT / 5);
  expect(compressed.byteLength).toBeLessThanOrEqual(MAX_WIRE_BYTES);
});
