/** A VM from its objects: VirtualMachine, VirtualMachineInstance and migrations of one namespace and name (SPEC T1–T5). */
import type { VmFact, VmiFact, VmimFact } from '../facts.ts';
import type { DerivedVm, FinishedMigration, HostState, Migratable } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { formatExplanation } from '../text.ts';
import { deriveMigrations } from './migration.ts';
import { deriveVmState, findCondition, isOver } from './vm-state.ts';

export interface VmObjects {
  readonly vm?: VmFact | undefined;
  readonly vmi?: VmiFact | undefined;
  readonly vmims: readonly VmimFact[];
}

export interface DerivedVmAndMigrations {
  /** Null where neither VM nor VMI exists. */
  readonly vm: DerivedVm | null;
  readonly finished: readonly FinishedMigration[];
}

/** `hostState`: that of the host the VMI names, where its Node is known. */
export function deriveVm({ vm, vmi, vmims }: VmObjects, hostState: HostState | undefined): DerivedVmAndMigrations {
  const { transit, finished } = deriveMigrations(vmi, vmims);
  const object = vmi ?? vm;
  if (object === undefined) return { vm: null, finished };
  const { namespace, name } = object;
  const { state, reason, danger } = deriveVmState(vm, vmi, hostState);
  const displayName = vm?.displayName ?? vmi?.displayName;
  const os = vmi?.os ?? vm?.os;
  const cpu = vmi?.cpu ?? vm?.cpu;
  const memory = vmi?.memory ?? vm?.memory;
  return {
    vm: {
      id: vmIdOf(namespace, name),
      namespace,
      name,
      uid: vmi?.uid ?? null,
      host: vmi === undefined || isOver(vmi) ? null : vmi.nodeName,
      state,
      migratable: deriveMigratable(vmi),
      ...(displayName !== undefined && { displayName }),
      ...(reason !== undefined && { reason }),
      ...(danger.length > 0 && { danger }),
      ...(cpu !== undefined && { cpu }),
      ...(memory !== undefined && { memory }),
      ...(os !== undefined && { os }),
      ...(transit !== undefined && { transit }),
    },
    finished,
  };
}

/** Without a running guest there is nothing to migrate, and nothing to explain. */
function deriveMigratable(vmi: VmiFact | undefined): Migratable {
  if (vmi === undefined || vmi.phase !== 'Running') return { ok: false };
  const condition = findCondition(vmi.conditions, 'LiveMigratable');
  if (condition === undefined || condition.status === 'True') return { ok: condition !== undefined };
  const reason = formatExplanation(condition);
  return reason === '' ? { ok: false } : { ok: false, reason };
}
