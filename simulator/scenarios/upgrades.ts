/** Harvester upgrades its hosts one after the other; the story begins at the last one. */
import { cordonNode, uncordonNode } from '../host-objects.ts';
import { changeReady } from '../host-steps.ts';
import type { Stage, Updates } from '../stage.ts';
import { completeUpgrade, createUpgrade, SYSTEM_NAMESPACE, setNodeState, type Upgrade, type UpgradeNodeState } from '../system-objects.ts';
import { castHost } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

const UPGRADE = { namespace: SYSTEM_NAMESPACE, name: 'hvst-upgrade-8dfqv' };

const writeUpgrade = (stage: Stage, step: string, change: (upgrade: Upgrade, nowMs: number) => Upgrade) =>
  stage.patch('upgrades', UPGRADE, step, change);

const reach = (stage: Stage, state: UpgradeNodeState) =>
  writeUpgrade(stage, `Upgrade${state.replaceAll(/[- ]/g, '')}`, (upgrade) => setNodeState(upgrade, stage.host, state));

function* reboot(stage: Stage): Updates {
  yield* changeReady(stage, stage.host, 'Unknown');
  yield* stage.pause(4);
  yield* changeReady(stage, stage.host, 'True');
}

export const UPGRADES = {
  'harvester-upgrade': {
    summary: 'Harvester upgrades a host: its guests leave, it reboots and is open again.',
    subjects: castHost,
    *play(stage) {
      const { cluster, host, nowMs } = stage;
      const others = cluster.list('nodes').map(({ metadata }) => [metadata.name, { state: 'Succeeded' as UpgradeNodeState }] as const);
      const states = { ...Object.fromEntries(others), [host]: { state: 'Images preloaded' as UpgradeNodeState } };
      const named = { name: UPGRADE.name, uid: cluster.createUid('upgrade'), nowMs };
      yield stage.create('upgrades', 'UpgradeCreated', createUpgrade(named, 'v1.8.0', states));
      yield* stage.pause(2);
      yield reach(stage, 'Pre-draining');
      yield stage.patchNode(host, 'Cordoned', cordonNode);
      yield* stage.through(cluster.evacuate(host));
      yield reach(stage, 'Pre-drained');
      yield reach(stage, 'Post-draining');
      yield reach(stage, 'Waiting Reboot');
      yield* reboot(stage);
      yield stage.patchNode(host, 'Uncordoned', uncordonNode);
      yield reach(stage, 'Succeeded');
      yield writeUpgrade(stage, 'UpgradeCompleted', completeUpgrade);
    },
    *restore(stage) {
      yield stage.remove('upgrades', UPGRADE, 'UpgradeRemoved');
    },
  },
} as const satisfies Record<string, ScenarioParts>;
