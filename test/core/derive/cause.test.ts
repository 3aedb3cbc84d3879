import { describe, expect, test } from 'vitest';
import { deriveCause, deriveCauseOfEnded } from '../../../core/derive/cause.ts';
import type { HostFact, UpgradeFact, VmiFact, VmimFact } from '../../../core/facts.ts';
import type { Cause } from '../../../core/model.ts';
import { hostFact, NO_CONTEXT, vmiFact, vmimFact } from '../../support/facts.ts';

interface Around {
  readonly host?: Partial<HostFact>;
  readonly upgrade?: Partial<UpgradeFact>;
}
type Row = readonly [name: string, vmim: Partial<VmimFact>, vmi: Partial<VmiFact>, Cause, evidence: string | undefined, Around?];

const drained = { name: 'kubevirt-evacuation-x', evacuatingFrom: 'host-1' };
const upgrade = { active: true, hostStates: [{ host: 'host-1', state: 'Pre-draining' }] };
const hot = (type: string) => ({ conditions: [{ type, status: 'True' as const }] });

const ROWS: readonly Row[] = [
  ['evacuation', drained, {}, 'drain', 'kubevirt.io/evacuationMigration=host-1'],
  ['evacuation, told by its name alone', { name: 'kubevirt-evacuation-x' }, {}, 'drain', 'metadata.name=kubevirt-evacuation-x'],
  [
    'evacuation into maintenance',
    drained,
    {},
    'drain',
    'harvesterhci.io/maintain-status of host-1=running',
    { host: { maintainStatus: 'running' } },
  ],
  ['evacuation, asked for', drained, {}, 'drain', 'harvesterhci.io/drain-requested of host-1=true', { host: { drainRequested: true } }],
  ['evacuation for an upgrade of Harvester', drained, {}, 'upgrade', 'nodeStatuses.host-1.state=Pre-draining', { upgrade }],
  ['an upgrade that is over', drained, {}, 'drain', 'kubevirt.io/evacuationMigration=host-1', { upgrade: { ...upgrade, active: false } }],
  [
    'an upgrade that is at another host',
    drained,
    {},
    'drain',
    'kubevirt.io/evacuationMigration=host-1',
    { upgrade: { ...upgrade, hostStates: [{ host: 'host-2', state: 'Pre-draining' }] } },
  ],
  [
    'an upgrade that is done with the host',
    drained,
    {},
    'drain',
    'kubevirt.io/evacuationMigration=host-1',
    { upgrade: { ...upgrade, hostStates: [{ host: 'host-1', state: 'Succeeded' }] } },
  ],
  ['evacuation by the descheduler', drained, { evictionSource: 'descheduler' }, 'rebalance', 'kubevirt.io/eviction-source=descheduler'],
  ['evacuation, system-maintenance', { ...drained, priority: 'system-maintenance' }, {}, 'rebalance', 'spec.priority=system-maintenance'],
  [
    'workload update, system-critical',
    { workloadUpdate: true, priority: 'system-critical' },
    {},
    'upgrade',
    'spec.priority=system-critical',
  ],
  [
    'workload update, an outdated launcher (KubeVirt < 1.7)',
    { workloadUpdate: true },
    { outdatedLauncher: true },
    'upgrade',
    'kubevirt.io/outdatedLauncherImage=true',
  ],
  [
    'workload update, volumes',
    { name: 'kubevirt-workload-update-x', priority: 'user-triggered' },
    { volumesChange: true },
    'storage',
    'condition VolumesChange=True',
  ],
  [
    'workload update, the label of a volume migration',
    { workloadUpdate: true, volumeUpdate: true },
    {},
    'storage',
    'kubevirt.io/volume-update-migration=ubuntu',
  ],
  ['workload update, CPU', { workloadUpdate: true }, hot('HotVCPUChange'), 'hotplug', 'condition HotVCPUChange=True'],
  ['workload update, memory', { workloadUpdate: true }, hot('HotMemoryChange'), 'hotplug', 'condition HotMemoryChange=True'],
  ['workload update, user-triggered', { workloadUpdate: true, priority: 'user-triggered' }, {}, 'hotplug', 'spec.priority=user-triggered'],
  ['workload update of an old KubeVirt', { workloadUpdate: true }, {}, 'unknown', undefined],
  [
    'Harvester’s dialog',
    { name: 'ubuntu-8x7', requestedHost: 'host-2' },
    {},
    'user',
    'spec.addedNodeSelector[kubernetes.io/hostname]=host-2',
  ],
  [
    'Harvester’s dialog before 1.7',
    { name: 'x' },
    { harvesterMigrationUid: 'vmim-1', harvesterTarget: 'host-2' },
    'user',
    'harvesterhci.io/migrationTargetNodeName=host-2',
  ],
  [
    'Harvester’s dialog, another migration',
    { name: 'x' },
    { harvesterMigrationUid: 'vmim-0', harvesterTarget: 'host-2' },
    'unknown',
    undefined,
  ],
  ['virtctl', { name: 'kubevirt-migrate-vm-abc' }, {}, 'user', 'metadata.name=kubevirt-migrate-vm-abc'],
  ['sendTo', { direction: 'out', pair: 'p' }, {}, 'cross-cluster', 'spec.sendTo.migrationID=p'],
  ['receive', { direction: 'in', pair: 'p' }, {}, 'cross-cluster', 'spec.receive.migrationID=p'],
  ['nobody knows', { name: 'x' }, {}, 'unknown', undefined],
];

describe('cause and evidence (domain.md 3.8, #8924)', () => {
  test.each(ROWS.map((row) => ({ row, name: row[0] })))('$name', ({ row: [, vmim, vmi, cause, evidence, around = {}] }) => {
    const context = {
      ...NO_CONTEXT,
      hostOf: () => (around.host === undefined ? undefined : hostFact(around.host)),
      upgrades: around.upgrade === undefined ? [] : [{ namespace: 'n', name: 'u', active: false, hostStates: [], ...around.upgrade }],
    };
    const derived = deriveCause(vmimFact(vmim), vmiFact(vmi), context);
    expect([derived.cause, derived.evidence]).toEqual([cause, evidence]);
  });

  test('evidence is bounded, whatever an object carries', () => {
    const { evidence } = deriveCause(vmimFact({ direction: 'out', pair: '😀'.repeat(300) }), undefined, NO_CONTEXT);
    expect(evidence?.length).toBeLessThanOrEqual(200);
    expect(evidence?.isWellFormed()).toBe(true);
  });

  test('of one that is over only its own words count, not what the cluster shows since', () => {
    const since = vmiFact({ evictionSource: 'descheduler', volumesChange: true, outdatedLauncher: true });
    expect(deriveCauseOfEnded(vmimFact(drained), since)).toEqual({ cause: 'drain', evidence: 'kubevirt.io/evacuationMigration=host-1' });
    expect(deriveCauseOfEnded(vmimFact({ workloadUpdate: true }), since)).toEqual({ cause: 'unknown' });
    const asked = vmiFact({ harvesterMigrationUid: 'vmim-1', harvesterTarget: 'host-2' });
    expect(deriveCauseOfEnded(vmimFact({ name: 'x' }), asked)).toMatchObject({ cause: 'user' });
    expect(deriveCauseOfEnded(vmimFact({ name: 'x' }), { ...asked, harvesterMigrationUid: 'vmim-0' })).toEqual({ cause: 'unknown' });
  });
});
