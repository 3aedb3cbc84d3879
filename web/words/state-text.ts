import type { Vm } from '../../core/model.ts';
import type { Messages } from './en.ts';

/** A VM's state in words. One that KubeVirt holds so that its migration can finish is not simply paused. */
export const stateText = ({ state, transit }: Pick<Vm, 'state' | 'transit'>, words: Messages): string =>
  state === 'paused' && transit?.suspended === true ? words.suspended : words.states[state];
