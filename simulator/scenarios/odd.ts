/** Objects as no KubeVirt writes them, for whoever reads a cluster: wrong types, missing halves, limits, unknown words. */
import type { VirtualMachine, VirtualMachineInstance, VirtualMachineInstanceMigration as Vmim } from '../objects.ts';
import type { Stage, Updates } from '../stage.ts';
import type { VmRef } from '../types.ts';
import { createVm, createVmi } from '../vm-objects.ts';
import type { ScenarioParts } from './scenario.ts';
import { planVmim } from './vmims.ts';

const NAMESPACE = 'default';
const CONDITION_COUNT = 200;
/** Right to left, combining marks, characters outside of the basic plane, nothing at all, and what would be markup. */
const TEXTS = [
  '\u0645\u0631\u062d\u0628\u0627\u202e abc',
  'z\u0338\u035ea\u0334l\u0335g',
  '\u{1f5a5}\ufe0f\u{1f469}\u200d\u{1f4bb}\u{1d54d}',
  '\u200b',
  '<script>alert("1")</script>',
  "'; DROP TABLE vms; --",
  '\u0000\u001b[31m',
] as const;
const DISPLAY_NAME = 'harvesterhci.io/vmDisplayName';

const LABEL_LIMIT = 63;
const NAME_LIMIT = 253;
const nameOf = (prefix: string, chars: number): string => `${prefix}${'x'.repeat(chars - prefix.length)}`;

/** What each of them has for a status; undefined where it has none at all. */
const STATUSES: Readonly<Record<string, unknown>> = {
  'odd-types': { phase: 42, conditions: { Ready: 'True' }, nodeName: ['harv-1'], activePods: 'none', migrationState: 'yes' },
  'odd-bare': undefined,
  'odd-null': null,
  'odd-phase': { phase: 'Teleporting', nodeName: 'harv-1', activePods: {} },
  'odd-conditions': {
    phase: 'Running',
    nodeName: 'harv-1',
    conditions: Array.from({ length: CONDITION_COUNT }, (_, index) => ({
      type: `Condition${index}`,
      status: 'True',
      reason: 'Odd',
      message: TEXTS[index % TEXTS.length],
      lastTransitionTime: index % 2 === 0 ? 'yesterday' : null,
    })),
  },
  [nameOf('odd-label-', LABEL_LIMIT)]: { phase: 'Running', nodeName: 'harv-2' },
  [nameOf('odd-name-', NAME_LIMIT)]: { phase: 'Running', nodeName: 'harv-3' },
};
const NAMES = Object.keys(STATUSES);
const ODD_VMIM = 'odd-migration';

const refOf = (name: string): VmRef => ({ namespace: NAMESPACE, name });

function planOdd({ cluster, nowMs }: Stage, name: string, index: number): VirtualMachine {
  const plan = { namespace: NAMESPACE, name, os: 'ubuntu', cpuCores: 1, memoryGiB: 1, power: 'running', hostDevice: false } as const;
  const vm = createVm(plan, cluster.createUid('vm'), nowMs);
  const annotations = { ...vm.metadata.annotations, [DISPLAY_NAME]: TEXTS[index % TEXTS.length] ?? '' };
  const { finalizers: _finalizers, ...metadata } = vm.metadata;
  return { ...vm, metadata: { ...metadata, annotations } };
}

function planOddVmi({ cluster, nowMs }: Stage, vm: VirtualMachine): VirtualMachineInstance {
  const { status: _status, ...vmi } = createVmi(vm, cluster.createUid('vmi'), nowMs);
  const { finalizers: _finalizers, ...metadata } = vmi.metadata;
  const status = STATUSES[vm.metadata.name];
  return { ...vmi, metadata, ...(status === undefined ? {} : { status }) } as unknown as VirtualMachineInstance;
}

function planOddVmim(stage: Stage): Vmim {
  const planned = planVmim(stage, refOf('odd-phase'), '');
  const { finalizers: _finalizers, ...metadata } = planned.metadata;
  return { ...planned, metadata: { ...metadata, name: ODD_VMIM }, status: { phase: 'Teleporting', conditions: 7 } } as unknown as Vmim;
}

function* play(stage: Stage): Updates {
  for (const [index, name] of NAMES.entries()) {
    const vm = planOdd(stage, name, index);
    yield stage.create('virtualmachines', 'OddVmCreated', vm);
    yield stage.create('virtualmachineinstances', 'OddInstanceCreated', planOddVmi(stage, vm));
  }
  yield stage.create('virtualmachineinstancemigrations', 'OddMigrationCreated', planOddVmim(stage));
  yield stage.patchVm(refOf('odd-bare'), 'OddVmBare', ({ status: _status, ...vm }) => vm as VirtualMachine);
  yield* stage.pause(4);
}

function* restore(stage: Stage): Updates {
  yield stage.remove('virtualmachineinstancemigrations', refOf(ODD_VMIM), 'OddMigrationRemoved');
  for (const name of NAMES) {
    yield stage.remove('virtualmachineinstances', refOf(name), 'OddInstanceRemoved');
    yield stage.remove('virtualmachines', refOf(name), 'OddVmRemoved');
  }
}

export const ODD = {
  malformed: {
    summary: 'Objects of the wrong shape beside good ones: no part of the picture of the others may suffer.',
    simulatedOnly: true,
    subjects: () => ({ vms: NAMES.map(refOf), hosts: [] }),
    play,
    restore,
  },
} as const satisfies Record<string, ScenarioParts>;
