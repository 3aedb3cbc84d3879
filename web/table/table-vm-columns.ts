/** The columns of the VMs' table. Pure. */
import type { Room } from './table-cells.tsx';
import { VM_SORTS } from './table-sorting.ts';

const VM_COLUMNS = [...VM_SORTS, 'labels'] as const;
export type VmColumn = (typeof VM_COLUMNS)[number];

/** Those that are there only where the table has room for them. */
export const ROOMS: Readonly<Partial<Record<VmColumn, Room>>> = { cpu: 'medium', migratable: 'medium', os: 'wide', labels: 'widest' };

/** Labels have one where a VM has some. */
export const vmColumns = (hasLabels: boolean): readonly VmColumn[] => VM_COLUMNS.filter((name) => name !== 'labels' || hasLabels);
