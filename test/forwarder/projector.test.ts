/** Golden: what is taken from realistic objects, what is refused, and that nothing else leaves (SPEC U7). */
import { describe, expect, test } from 'vitest';
import { Inventory } from '../../core/derive/inventory.ts';
import type { FactKind } from '../../core/facts.ts';
import { MAX_LIST_COUNT, MAX_TEXT_CHARS } from '../../core/limits.ts';
import { formatSync } from '../../forwarder/batches.ts';
import { KINDS, PROJECTORS } from '../../forwarder/projector.ts';
import { changed, NODE, VM, VMI, VMIM } from './project/objects.ts';

const unwrap = <Value>(result: { ok: true; value: Value } | { ok: false; error: string }): Value => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const host = (path: string[] = [], fields = {}) => unwrap(PROJECTORS.host(changed(NODE, path, fields)));
const vm = (path: string[] = [], fields = {}) => unwrap(PROJECTORS.vm(changed(VM, path, fields)));
const vmi = (path: string[] = [], fields = {}) => unwrap(PROJECTORS.vmi(changed(VMI, path, fields)));
const vmim = (path: string[] = [], fields = {}) => unwrap(PROJECTORS.vmim(changed(VMIM, path, fields)));

describe('host', () => {
  test('golden', () => {
    expect(host()).toEqual({
      name: 'harv-2',
      displayName: 'Rack B, left',
      ready: { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      pressures: [],
      cordoned: true,
      maintainStatus: 'running',
      drainRequested: true,
      taints: ['kubevirt.io/drain', 'node.kubernetes.io/unschedulable'],
      handlerSilent: false,
      roles: ['control-plane', 'etcd'],
      votes: 'etcd',
      zone: 'rack-b',
      cpu: 15.6,
      memory: 64 * 2 ** 30,
    });
  });

  test('a new Node has hardly anything: readiness is unknown, nothing is invented', () => {
    expect(unwrap(PROJECTORS.host({ metadata: { name: 'new', uid: 'u' } }))).toEqual({
      name: 'new',
      ready: { type: 'Ready', status: 'Unknown' },
      pressures: [],
      cordoned: false,
      drainRequested: false,
      taints: [],
      handlerSilent: false,
      roles: [],
    });
  });

  test.each([
    ['completed', 'completed'],
    ['running', 'running'],
    ['', undefined],
    ['later', undefined],
  ])('maintain-status %s', (annotation, expected) => {
    expect(host(['metadata', 'annotations'], { 'harvesterhci.io/maintain-status': annotation }).maintainStatus).toBe(expected);
  });

  test('a witness is one', () => {
    expect(host(['metadata'], { labels: { 'node-role.harvesterhci.io/witness': 'true' } }).roles).toEqual(['witness']);
  });
});

describe('vm', () => {
  test('golden', () => {
    expect(vm()).toEqual({
      namespace: 'default',
      name: 'ubuntu-web-1',
      uid: VM.metadata.uid,
      deleting: false,
      wantsRunning: null,
      printableStatus: 'Running',
      conditions: [],
      displayName: 'Web shop',
      os: 'ubuntu',
      cpu: 4,
      memory: 3996 * 2 ** 20,
    });
  });

  test.each([
    ['Always', undefined, true],
    ['Halted', undefined, false],
    ['RerunOnFailure', undefined, null],
    ['Manual', undefined, null],
    ['Once', undefined, null],
    ['WaitAsReceiver', undefined, null],
    ['Manual', [{ action: 'Start' }], true],
    ['Manual', [{ action: 'Stop', uid: 'u' }], false],
    ['RerunOnFailure', [{ action: 'Stop', uid: 'u' }, { action: 'Start' }], true],
    ['Always', [{ action: 'Stop', uid: 'u' }, { action: 'Start' }], true],
    [undefined, undefined, null],
  ])('run strategy %s with requests %o wants running: %s', (runStrategy, stateChangeRequests, expected) => {
    const object = changed(changed(VM, ['spec'], { runStrategy }), ['status'], { stateChangeRequests });
    expect(unwrap(PROJECTORS.vm(object)).wantsRunning).toBe(expected);
  });

  test.each([true, false])('the deprecated spec.running says it: %s', (running) => {
    expect(vm(['spec'], { running, runStrategy: undefined }).wantsRunning).toBe(running);
  });

  test.each([
    ['topology', { cpu: { sockets: 2, cores: 4 } }, 8],
    ['limits', { resources: { limits: { cpu: '3' }, requests: { cpu: '1' } } }, 3],
    ['requests, whole CPUs', { resources: { requests: { cpu: '1500m' } } }, 2],
    ['nothing', {}, undefined],
    ['nonsense', { cpu: { cores: -1 }, resources: { limits: { cpu: 'many' } } }, undefined],
  ])('cpu from %s', (_from, domain, expected) => {
    expect(vm(['spec', 'template', 'spec'], { domain }).cpu).toBe(expected);
  });
});

describe('vmi', () => {
  test('golden', () => {
    expect(vmi()).toEqual({
      namespace: 'default',
      name: 'ubuntu-web-1',
      uid: VMI.metadata.uid,
      deleting: false,
      createdAt: Date.parse('2026-03-02T08:00:05Z'),
      phase: 'Running',
      nodeName: 'harv-1',
      conditions: VMI.status.conditions,
      podHosts: ['', 'harv-1'],
      volumesChange: false,
      outdatedLauncher: false,
      migration: {
        migrationUid: VMIM.metadata.uid,
        sourceNode: 'harv-1',
        targetNode: 'harv-2',
        started: true,
        targetReady: true,
        ended: false,
        completed: false,
        failed: false,
        abortRequested: false,
        mode: 'PreCopy',
      },
      evacuatingFrom: 'harv-1',
      evictionSource: 'descheduler',
      harvesterMigrationUid: VMIM.metadata.uid,
      harvesterTarget: 'harv-2',
      os: 'ubuntu',
      cpu: 4,
      memory: 8 * 2 ** 30,
    });
  });

  test('before its first status it has no phase and no host, and none is invented from elsewhere (T1)', () => {
    const fact = vmi([], { status: undefined });
    expect([fact.phase, fact.nodeName]).toEqual(['', null]);
  });

  test('an empty nodeName is none', () => {
    expect(vmi(['status'], { nodeName: '' }).nodeName).toBeNull();
  });

  test('KubeVirt ≥ 1.6: the sides stand in where the flat fields are missing', () => {
    const migrationState = { migrationUid: 'm', sourceState: { node: 'harv-1', migrationUID: 'x' }, targetState: { node: 'harv-3' } };
    expect(vmi(['status'], { migrationState }).migration).toMatchObject({ migrationUid: 'm', sourceNode: 'harv-1', targetNode: 'harv-3' });
  });

  test.each([
    ['migratedVolumes', { migratedVolumes: [{ volumeName: 'disk-0' }] }],
    ['the condition', { conditions: [{ type: 'VolumesChange', status: 'True' }] }],
  ])('a storage migration is known by %s', (_by, fields) => {
    expect(vmi(['status'], fields).volumesChange).toBe(true);
  });
});

describe('vmim', () => {
  test('golden', () => {
    expect(vmim()).toEqual({
      namespace: 'default',
      name: 'kubevirt-evacuation-abcde',
      uid: VMIM.metadata.uid,
      vmiName: 'ubuntu-web-1',
      phase: 'Running',
      phases: [],
      deleting: true,
      createdAt: Date.parse('2026-11-22T10:00:00Z'),
      overAt: null,
      abortRequested: true,
      conditions: [{ type: 'migrationAbortRequested', status: 'True' }],
      requestedHost: 'harv-2',
      evacuatingFrom: 'harv-1',
      workloadUpdate: true,
      priority: 'system-maintenance',
      volumeUpdate: false,
      migration: {
        migrationUid: null,
        sourceNode: null,
        targetNode: null,
        started: false,
        targetReady: false,
        ended: false,
        completed: false,
        failed: false,
        abortRequested: false,
      },
    });
  });

  test.each([
    ['sendTo', 'out'],
    ['receive', 'in'],
  ])('%s makes it cross-cluster, %s, with the pair that both sides share', (field, direction) => {
    expect(vmim(['spec'], { [field]: { migrationID: 'pair' } })).toMatchObject({ direction, pair: 'pair' });
  });

  test('its phases and its end are on virt-controller’s clock', () => {
    const phaseTransitionTimestamps = [
      { phase: 'Pending', phaseTransitionTimestamp: '2026-11-22T10:00:01Z' },
      { phase: 'Failed', phaseTransitionTimestamp: '2026-11-22T10:00:09Z' },
      { phase: 7, phaseTransitionTimestamp: 'nonsense' },
    ];
    expect(vmim(['status'], { phaseTransitionTimestamps })).toMatchObject({
      phases: ['Pending', 'Failed'],
      overAt: Date.parse('2026-11-22T10:00:09Z'),
    });
  });

  test('without a VMI it belongs to nothing', () => {
    expect(PROJECTORS.vmim(changed(VMIM, ['spec'], { vmiName: undefined }))).toEqual({ ok: false, error: 'spec.vmiName is missing' });
  });
});

test('pod: a migration’s target, its VMI, its host, and whether it has ended', () => {
  const labels = { 'kubevirt.io/migrationJobUID': 'm', 'kubevirt.io/created-by': 'vmi-uid' };
  const pod = {
    metadata: { name: 'virt-launcher-a', namespace: 'n', uid: 'p', labels },
    spec: { nodeName: 'harv-2' },
    status: { phase: 'Running' },
  };
  const fact = { namespace: 'n', name: 'virt-launcher-a', migrationUid: 'm', vmiUid: 'vmi-uid', nodeName: 'harv-2', ended: false };
  expect(PROJECTORS.pod(pod)).toEqual({ ok: true, value: fact });
  for (const phase of ['Succeeded', 'Failed'])
    expect(PROJECTORS.pod(changed(pod, ['status'], { phase }))).toEqual({ ok: true, value: { ...fact, ended: true } });
});

describe('any kind', () => {
  test.each(KINDS)('%s: what is no object, or has no sound identity, is refused with the field', (kind) => {
    const project = PROJECTORS[kind];
    for (const nothing of [null, undefined, 42, 'text', [], [VMI]]) expect(project(nothing).ok).toBe(false);
    expect(project({ metadata: { uid: 'u', namespace: 'n' } })).toEqual({ ok: false, error: 'metadata.name is missing' });
    expect(project({ metadata: { name: 'a', namespace: 'n' } })).toEqual({ ok: false, error: 'metadata.uid is missing' });
    expect(project({ metadata: { name: 'x'.repeat(254), uid: 'u', namespace: 'n' } }).ok).toBe(false);
    expect(project({ metadata: { name: 'a/b', uid: 'u', namespace: 'n' } }).ok).toBe(false);
  });

  test.each(KINDS)('%s: fields of the wrong type are as good as missing', (kind) => {
    const strange = {
      metadata: { name: 'a', uid: 'u', namespace: 'n', labels: 7, annotations: [] },
      spec: 'x',
      status: { conditions: {} },
    };
    const own: Partial<Record<FactKind, object>> = {
      vmim: { spec: { vmiName: 'a', sendTo: 'x' } },
      pod: { metadata: { ...strange.metadata, labels: { 'kubevirt.io/migrationJobUID': 'm' } } },
    };
    const object = { ...strange, ...own[kind] };
    expect(PROJECTORS[kind](object).ok).toBe(true);
  });

  test('long texts and lists are shortened, never cut through a character', () => {
    const message = `${'x'.repeat(MAX_TEXT_CHARS - 2)}😀 and more`;
    const conditions = [{ type: 'Ready', status: 'True', message }];
    expect(vmi(['status'], { conditions }).conditions[0]?.message).toBe(`${'x'.repeat(MAX_TEXT_CHARS - 2)}…`);
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`node-role.kubernetes.io/r${index}`, '']));
    expect(host(['metadata'], { labels }).roles).toHaveLength(MAX_LIST_COUNT);
  });

  test('200 conditions crowd out none that matters', () => {
    const others = Array.from({ length: 200 }, (_, index) => ({ type: `T${index}`, status: 'True' }));
    const ready = { type: 'Ready', status: 'False', reason: 'Last' };
    expect(vmi(['status'], { conditions: [...others, ready] }).conditions).toEqual([ready]);
    expect(host(['status'], { conditions: [...others, ready] }).ready).toEqual(ready);
  });

  test.each([
    ['vmi', 'a phase that is a number', changed(VMI, ['status'], { phase: 42 }), 'status.phase is no text'],
    ['vmi', 'conditions that are an object', changed(VMI, ['status'], { conditions: {} }), 'status.conditions is no list'],
    ['vmi', 'a nodeName that is a list', changed(VMI, ['status'], { nodeName: ['a'] }), 'status.nodeName is no text'],
    ['vmi', 'a status that is a text', changed(VMI, [], { status: 'fine' }), 'status is no object'],
    ['vmi', 'no status', changed(VMI, [], { status: undefined }), 'it has no status'],
    ['vmim', 'a phase that is a list', changed(VMIM, ['status'], { phase: [] }), 'status.phase is no text'],
    ['vm', 'a printable status that is a number', changed(VM, ['status'], { printableStatus: 1 }), 'status.printableStatus is no text'],
  ] as const)('T7: %s, %s: said, not guessed at', (kind, _what, object, malformed) => {
    expect(unwrap<object>(PROJECTORS[kind](object))).toMatchObject({ malformed });
  });

  test.each([
    ['name', 'Ünï'],
    ['name', 'a b'],
    ['name', 'a/b'],
    ['namespace', 'Kube_System'],
    ['uid', 'a/b'],
  ])('an object whose %s is %s is refused', (field, value) => {
    expect(PROJECTORS.vmi(changed(VMI, ['metadata'], { [field]: value }))).toEqual({
      ok: false,
      error: `metadata.${field} has characters that it cannot have`,
    });
  });

  test('a guest that runs nowhere is malformed', () => {
    for (const nodeName of [undefined, 'Not a host!'])
      expect(vmi(['status'], { nodeName })).toMatchObject({
        nodeName: null,
        malformed: 'it runs, and status.nodeName is no name of a host',
      });
    expect(vmi(['status'], { nodeName: undefined, phase: 'Scheduling' })).not.toHaveProperty('malformed');
  });

  test('of 200 conditions of one type the first counts', () => {
    const pressures = Array.from({ length: 200 }, (_, index) => ({ type: 'DiskPressure', status: 'True', reason: `R${index}` }));
    expect(host(['status'], { conditions: pressures }).pressures.map(({ reason }) => reason)).toEqual(['R0']);
  });

  test('a text is one line, and turns nobody’s direction', () => {
    const annotations = { 'harvesterhci.io/host-custom-name': '\u202egpj.exe\n\u2067second\u0007line' };
    expect(host(['metadata'], { annotations }).displayName).toBe('gpj.exe second line');
  });

  test('a name in which nothing is to be seen is none; what is not seen within another one stays', () => {
    const nothing = ['\u200b', '\u2060\ufeff', '\u3164', '\u00ad', '\u2800', '\u115f \u1160', '\u{e0100}', '\u200b'.repeat(600), ' \n'];
    for (const name of nothing) {
      expect(host(['metadata'], { annotations: { 'harvesterhci.io/host-custom-name': name } }), escape(name)).not.toHaveProperty(
        'displayName',
      );
      const guest = vm(['metadata'], { annotations: { 'harvesterhci.io/vmDisplayName': name } });
      expect(guest, escape(name)).not.toHaveProperty('displayName');
    }
    for (const name of ['we\u00adb\u200b', '\u200b👩\u200d💻', '\u0301', '.', '漢', '\ue000', '\ud800']) {
      expect(host(['metadata'], { annotations: { 'harvesterhci.io/host-custom-name': name } }).displayName).toBe(name);
    }
  });

  test.each([
    [{ 'node-role.kubernetes.io/etcd': 'true' }, 'etcd'],
    [{ 'node-role.harvesterhci.io/witness': 'true' }, 'etcd'],
    [{ 'node-role.kubernetes.io/control-plane': '' }, 'control-plane'],
    [{ 'node-role.kubernetes.io/master': '' }, 'control-plane'],
    [
      Object.fromEntries([
        ...Array.from({ length: 40 }, (_, n) => [`node-role.kubernetes.io/a${n}`, '']),
        ['node-role.kubernetes.io/etcd', ''],
      ]),
      'etcd',
    ],
    [{}, undefined],
  ])('who may vote in etcd %#', (labels, votes) => {
    expect(host(['metadata'], { labels }).votes).toBe(votes);
  });

  test('what may be missing is not malformed', () => {
    expect(vmi()).not.toHaveProperty('malformed');
    expect(vmi([], { status: {} })).not.toHaveProperty('malformed');
    expect(vmi(['status'], { phase: null })).not.toHaveProperty('malformed');
    expect(vmim([], { status: undefined })).not.toHaveProperty('malformed');
    expect(vm([], { status: undefined })).not.toHaveProperty('malformed');
  });

  test('nothing of spec, cloud-init or addresses is in the facts (U7)', () => {
    const text = JSON.stringify([host(), vm(), vmi(), vmim()]);
    for (const secret of ['not for anybody', 'sshPublicKey', '10.10.3.4', '10.52.1.0', 'migrationConfiguration'])
      expect(text).not.toContain(secret);
  });
});

/** Loaded by its URL: worker/ is typed for another environment, so this folder's project cannot list it. */
const schemas: Promise<{ parseBatch(input: unknown): unknown }> = import(new URL('../../worker/schemas.ts', import.meta.url).href);

/** The room refuses a batch as a whole: one object that it does not take would make the cluster go dark. */
describe('whatever an object says, the room takes what is made of it', () => {
  const long = 'x'.repeat(600);
  const condition = (type: string, status: string) => ({ conditions: [{ type, status, reason: 'Because', message: long }] });
  const requested = (name: unknown) => ({ addedNodeSelector: { 'kubernetes.io/hostname': name } });
  interface Objects {
    readonly node?: unknown;
    readonly vm?: unknown;
    readonly vmi?: unknown;
    readonly vmim?: unknown;
  }
  const rows: readonly (readonly [string, Objects])[] = [
    ['nothing odd', {}],
    ['a Node with much to say', { node: changed(NODE, ['status'], condition('Ready', 'False')) }],
    ['a VMI with much to say', { vmi: changed(VMI, ['status'], condition('Ready', 'False')) }],
    ['a VMI that cannot migrate, at length', { vmi: changed(VMI, ['status'], condition('LiveMigratable', 'False')) }],
    [
      'a VM with much to say',
      { vmi: null, vm: changed(VM, ['status'], { printableStatus: 'ErrorUnschedulable', ...condition('Failure', 'True') }) },
    ],
    ['a status that every object inherits', { vmi: null, vm: changed(VM, ['status'], { printableStatus: 'constructor' }) }],
    [
      'more CPUs than can be counted',
      { vmi: null, vm: changed(VM, ['spec', 'template', 'spec', 'domain'], { cpu: { cores: 4e9, sockets: 4e9 } }) },
    ],
    [
      'more memory than can be counted',
      { vmi: null, vm: changed(VM, ['spec', 'template', 'spec', 'domain'], { memory: { guest: '16Pi' } }) },
    ],
    ['a host asked for that is no name', { vmim: changed(VMIM, ['spec'], requested('Not a host!')) }],
    ['a host asked for whose name is too long', { vmim: changed(VMIM, ['spec'], requested(long)) }],
    [
      'Harvester’s target that is no name',
      {
        vmi: changed(VMI, ['metadata', 'annotations'], { 'harvesterhci.io/migrationTargetNodeName': 'Not a host!' }),
        vmim: changed(VMIM, ['spec'], { addedNodeSelector: undefined }),
      },
    ],
    [
      'a migration of a VM whose name is none',
      { vmim: changed(changed(VMIM, ['status'], { phase: 'Failed' }), ['spec'], { vmiName: 'a/b' }) },
    ],
    [
      'a migration of a VM whose name is too long',
      { vmim: changed(changed(VMIM, ['status'], { phase: 'Failed' }), ['spec'], { vmiName: long }) },
    ],
    ['a host whose name is none', { vmi: changed(VMI, ['status'], { nodeName: 'Not a host!' }) }],
    [
      'a migrationState of nonsense',
      { vmim: null, vmi: changed(VMI, ['status', 'migrationState'], { migrationUid: long, sourceNode: 'A B', targetNode: long }) },
    ],
  ];
  test.each(rows)('%s', async (_what, { node = NODE, vm: vmObject = VM, vmi: vmiObject = VMI, vmim: vmimObject = VMIM }) => {
    const { parseBatch } = await schemas;
    const inventory = new Inventory();
    const objects: Partial<Record<FactKind, unknown>> = { host: node, vm: vmObject, vmi: vmiObject, vmim: vmimObject };
    for (const kind of KINDS) {
      const fact = PROJECTORS[kind](objects[kind]);
      if (fact.ok) inventory.set(kind, fact.value as never);
    }
    const { hosts, vms, digest } = inventory;
    expect([hosts.size, vms.size]).toEqual([1, 1]);
    const { finished } = inventory.takeChanges();
    for (const body of formatSync(1, { hosts: hosts.values(), vms: vms.values(), finished, digest }, 900_000)) {
      expect(parseBatch(JSON.parse(body))).toMatchObject({ ok: true });
    }
  });
});
