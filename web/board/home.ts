/** Where a VM is counted. */
import { lanesOf } from '../../core/lanes.ts';
import type { HostName, Vm } from '../../core/model.ts';

/** The one list that a VM is counted in. */
export interface Home {
  readonly lane: 'settled' | 'leaving' | 'unplaced';
  readonly host: HostName | null;
}

export function homeOf(vm: Vm): Home {
  const { settled, leaving } = lanesOf(vm);
  if (leaving !== null) return { lane: 'leaving', host: leaving };
  return settled === null ? { lane: 'unplaced', host: null } : { lane: 'settled', host: settled };
}
