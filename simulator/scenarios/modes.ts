/** How a migration forces its end when the guest changes its memory faster than it can be copied, and what a pause looks like. Pure. */
import { removeVmiCondition, setVmiCondition } from '../migration-changes.ts';
import type { MigrationState, VirtualMachine as Vm, VirtualMachineInstance as Vmi } from '../objects.ts';
import { removeVmCondition, setVmCondition, setVmPrintable } from '../stage.ts';
import { condition } from '../vm-objects.ts';

export const setMode = (vmi: Vmi, mode: NonNullable<MigrationState['mode']>): Vmi => ({
  ...vmi,
  status: { ...vmi.status, migrationState: { ...vmi.status.migrationState, mode } },
});

const PAUSES = {
  PausedByMigrationMonitor: 'VMI was paused by the migration monitor',
  PausedIOError: 'VMI was paused, low-level IO error detected',
} as const;
type PauseReason = keyof typeof PAUSES;

export const pauseVmi = (vmi: Vmi, reason: PauseReason, nowMs: number): Vmi =>
  setVmiCondition(vmi, condition('Paused', 'True', nowMs, reason, PAUSES[reason]));
export const resumeVmi = (vmi: Vmi): Vmi => removeVmiCondition(vmi, 'Paused');

/** The VM mirrors its VMI's pause; `printable` where it shows. */
export const pauseVm = (vm: Vm, reason: PauseReason, nowMs: number, printable?: string): Vm => {
  const paused = setVmCondition(vm, 'Paused', 'True', nowMs, reason, PAUSES[reason]);
  return printable === undefined ? paused : setVmPrintable(paused, printable);
};
export const resumeVm = (vm: Vm, printable?: string): Vm => {
  const resumed = removeVmCondition(vm, 'Paused');
  return printable === undefined ? resumed : setVmPrintable(resumed, printable);
};
