/** The way out of a host's maintenance, in several scenarios. */
import { endMaintenance, selectShutDown } from '../host-steps.ts';
import { unmarkEviction } from '../migration-changes.ts';
import type { Stage, Updates } from '../stage.ts';
import { guestsOf } from './casting.ts';

/** It is over: the host is open again, and what was shut down for it is started. */
export function* leaveMaintenance(stage: Stage): Updates {
  yield* endMaintenance(stage, stage.host);
  yield* stage.together(selectShutDown(stage.cluster, stage.host).map((vm) => stage.cluster.start(vm)));
}

/** It is called off: who is not on the way yet is not to leave any more. */
export function* callOff(stage: Stage): Updates {
  const { cluster, host } = stage;
  yield* endMaintenance(stage, host);
  for (const vm of guestsOf(cluster, host).filter((guest) => cluster.moveOf(guest) === null)) {
    yield stage.patchVmi(vm, 'EvictionCancelled', unmarkEviction);
  }
}
