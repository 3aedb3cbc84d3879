/** The VMs of a host in groups, for its details: who comes and goes, and who is here by state. Pure. */
import { VM_STATES, type Vm, type VmId, type VmState } from '../../core/model.ts';

export interface HostGroup {
  readonly of: 'leaving' | 'arriving' | VmState;
  readonly ids: readonly VmId[];
}

export interface HostLists {
  readonly leaving: readonly Vm[];
  readonly arriving: readonly Vm[];
  readonly settled: readonly Vm[];
}

/** What needs a look comes before what runs. */
const ORDER: readonly VmState[] = [
  'error',
  'unknown',
  ...VM_STATES.filter((state) => state !== 'error' && state !== 'unknown' && state !== 'running'),
  'running',
];

/** Groups that have somebody in them; within a group as the lists have them. */
export function selectHostGroups({ leaving, arriving, settled }: HostLists): HostGroup[] {
  const idsOf = (vms: readonly Vm[]): VmId[] => vms.map(({ id }) => id);
  const groups: HostGroup[] = [
    { of: 'leaving', ids: idsOf(leaving) },
    { of: 'arriving', ids: idsOf(arriving) },
    ...ORDER.map((state) => ({ of: state, ids: idsOf(settled.filter((vm) => vm.state === state)) })),
  ];
  return groups.filter(({ ids }) => ids.length > 0);
}
