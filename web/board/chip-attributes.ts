import type { Vm } from '../../core/model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { needsPerson } from './board.ts';
import { arrivingChipId, homeChipId } from './chip-id.ts';

/** What is told of a VM by the attributes of its chip, in whichever picture: styles, clicks, the search and trails find it by them. */
export interface ChipAttributes {
  readonly id: string;
  readonly 'data-vm': string;
  readonly 'data-state': string;
  readonly 'data-stage': string | undefined;
  readonly 'data-attention': true | undefined;
  readonly 'data-dimmed': true | undefined;
}

/** `isArriving`: of the twin at the target, which marks nobody: the VM still runs at the source. */
export const chipAttributes = (vm: Vm, { dimmed }: Pick<ClusterSession, 'dimmed'>, isArriving = false): ChipAttributes => ({
  id: (isArriving ? arrivingChipId : homeChipId)(vm.id),
  'data-vm': vm.id,
  'data-state': vm.state,
  'data-stage': vm.transit?.stage,
  'data-attention': (!isArriving && needsPerson(vm)) || undefined,
  'data-dimmed': dimmed.has(vm.id) || undefined,
});
