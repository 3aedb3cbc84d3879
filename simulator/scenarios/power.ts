/** Hosts that are switched off and on, or restarted, from Harvester: first maintenance, then Seeder does what was asked for. */
import { changeReady } from '../host-steps.ts';
import type { Stage, Updates } from '../stage.ts';
import { completePower, type Inventory, type PowerAction, requestPower, SYSTEM_NAMESPACE } from '../system-objects.ts';
import { castHost } from './casting.ts';
import { leaveMaintenance } from './maintenance.ts';
import type { ScenarioParts } from './scenario.ts';

const writeInventory = (stage: Stage, step: string, change: (inventory: Inventory) => Inventory) =>
  stage.patch('inventories', { namespace: SYSTEM_NAMESPACE, name: stage.host }, step, change);

function* ask(stage: Stage, action: PowerAction): Updates {
  yield writeInventory(stage, 'PowerRequested', (inventory) => requestPower(inventory, action));
  yield* stage.pause(3);
}

export const POWER = {
  'power-off': {
    summary: 'A host in maintenance is switched off, and on again.',
    cluster: { inventories: true },
    subjects: castHost,
    *play(stage) {
      yield* stage.through(stage.cluster.drain(stage.host));
      yield* ask(stage, 'shutdown');
      yield* changeReady(stage, stage.host, 'Unknown');
      yield writeInventory(stage, 'PoweredOff', (inventory) => completePower(inventory, 'off'));
      yield* stage.pause(5);
      yield* ask(stage, 'poweron');
      yield writeInventory(stage, 'PoweredOn', (inventory) => completePower(inventory, 'on'));
      yield* changeReady(stage, stage.host, 'True');
    },
    restore: leaveMaintenance,
  },
  'power-reboot': {
    summary: 'A host in maintenance is restarted.',
    cluster: { inventories: true },
    subjects: castHost,
    *play(stage) {
      yield* stage.through(stage.cluster.drain(stage.host));
      yield* ask(stage, 'reboot');
      yield* changeReady(stage, stage.host, 'Unknown');
      yield* stage.pause(4);
      yield* changeReady(stage, stage.host, 'True');
      yield writeInventory(stage, 'Rebooted', (inventory) => completePower(inventory, 'on'));
    },
    restore: leaveMaintenance,
  },
} as const satisfies Record<string, ScenarioParts>;
