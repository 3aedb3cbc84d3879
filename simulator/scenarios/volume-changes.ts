/** A VM whose disk is to be another volume (KubeVirt ≥ 1.3): the wish, its marks on the VMI, and their end. */
import { removeVmiCondition, setVmiCondition } from '../migration-changes.ts';
import { type JsonObject, omit, type VirtualMachine as Vm, type VirtualMachineInstance as Vmi, type VmiSpec } from '../objects.ts';
import type { Stage, Updates } from '../stage.ts';
import { condition } from '../vm-objects.ts';

export const VOLUME_UPDATE_LABEL = 'kubevirt.io/volume-update-migration';
const VOLUMES_CHANGE = 'VolumesChange';
const DISK = 'disk-0';

const withDisk = (spec: VmiSpec, claimName: string): VmiSpec => ({
  ...spec,
  volumes: spec.volumes.map((volume) => (volume.name === DISK ? { name: DISK, persistentVolumeClaim: { claimName } } : volume)),
});

export const setDisk = {
  vm: (vm: Vm, claimName: string): Vm => ({
    ...vm,
    spec: {
      ...omit(vm.spec, 'updateVolumesStrategy'),
      template: { ...vm.spec.template, spec: withDisk(vm.spec.template.spec, claimName) },
    },
  }),
  vmi: (vmi: Vmi, claimName: string): Vmi => ({ ...vmi, spec: withDisk(vmi.spec, claimName) }),
};

const describeClaim = (claimName: string): JsonObject => ({
  accessModes: ['ReadWriteMany'],
  claimName,
  requests: { storage: '40Gi' },
  volumeMode: 'Block',
});

/** What a migration copies besides memory. */
export const planCopies = (from: string, to: string): readonly JsonObject[] => [
  { volumeName: DISK, sourcePVCInfo: describeClaim(from), destinationPVCInfo: describeClaim(to) },
];

export function* beginVolumeChange(stage: Stage): Updates {
  const { vm } = stage;
  const [from, to] = [`${vm.name}-disk-0`, `${vm.name}-disk-0-fast`];
  yield stage.patchVm(vm, 'VolumesChanged', (current) => {
    const changed = setDisk.vm(current, to);
    return { ...changed, spec: { ...changed.spec, updateVolumesStrategy: 'Migration' } };
  });
  yield stage.patchVmi(vm, 'CopyRequested', (vmi, nowMs) => {
    const marked = setVmiCondition(vmi, condition(VOLUMES_CHANGE, 'True', nowMs, undefined, 'migrate volumes'));
    return { ...marked, status: { ...marked.status, migratedVolumes: planCopies(from, to) } };
  });
}

/** The VMI has its new volumes, or goes on with its old ones. */
export function* endVolumeChange(stage: Stage): Updates {
  const claim = stage.vmOf(stage.vm).spec.template.spec.volumes.find(({ name }) => name === DISK)?.persistentVolumeClaim as
    | { readonly claimName?: string }
    | undefined;
  yield stage.patchVmi(stage.vm, 'VolumesSettled', (vmi) => {
    const settled = removeVmiCondition(setDisk.vmi(vmi, claim?.claimName ?? ''), VOLUMES_CHANGE);
    return { ...settled, status: omit(settled.status, 'migratedVolumes') };
  });
}
