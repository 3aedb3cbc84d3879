/** The DOM ids of a VM's chips. A VM has one home chip at any time, and a twin in the arriving lane of its target. */
import type { VmId } from '../../core/model.ts';

export const homeChipId = (id: VmId): string => `vm/${id}`;
export const arrivingChipId = (id: VmId): string => `arriving/${id}`;
