/** What else of a cluster explains its migrations and hosts: KubeVirt's settings, Harvester's power, upgrades and restores. */
import type { KubeVirtFact, PowerFact, RestoreFact, UpgradeFact } from '../../core/facts.ts';
import { MAX_HOSTS_PER_CLUSTER_COUNT } from '../../core/limits.ts';
import { ok, type Result } from '../../core/result.ts';
import { projectConditions } from './conditions.ts';
import { isTrueAt, optional, recordAt, textAt, valueAt } from './json.ts';
import { projectIdentity, projectNamespacedIdentity } from './metadata.ts';

/** KubeVirt → how many migrations may run at once. */
export function projectKubeVirt(kubevirt: unknown): Result<KubeVirtFact> {
  const identity = projectNamespacedIdentity(kubevirt);
  if (!identity.ok) return identity;
  const { namespace, name } = identity.value;
  const configuration = recordAt(kubevirt, 'spec', 'configuration');
  const migrations = recordAt(configuration, 'migrations');
  return ok({
    namespace,
    name,
    ...optional('perCluster', limitOf(migrations.parallelMigrationsPerCluster)),
    ...optional('perHost', limitOf(migrations.parallelOutboundMigrationsPerNode)),
    ...optional('drainTaint', textAt(migrations, 'nodeDrainTaintKey')),
    ...optional('evictionStrategy', textAt(configuration, 'evictionStrategy')),
  });
}

const limitOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;

const POWER_ACTIONS = ['shutdown', 'poweron', 'reboot'] as const;

/** Seeder's Inventory, named as the Node → what the host's own controller says of its power. */
export function projectPower(inventory: unknown): Result<PowerFact> {
  const identity = projectIdentity(inventory);
  if (!identity.ok) return identity;
  const isDone = textAt(inventory, 'status', 'powerAction', 'actionStatus') !== undefined;
  const requested = POWER_ACTIONS.find((action) => action === valueAt(inventory, 'spec', 'powerActionRequested'));
  return ok({
    name: identity.value.name,
    isOff: valueAt(inventory, 'status', 'machinePowerState') === 'off',
    ...optional('requested', isDone ? undefined : requested),
  });
}

/** Harvester's Upgrade → whether it goes on, and where it stands with each host. */
export function projectUpgrade(upgrade: unknown): Result<UpgradeFact> {
  const identity = projectNamespacedIdentity(upgrade);
  if (!identity.ok) return identity;
  const { namespace, name } = identity.value;
  const [completed] = projectConditions(upgrade, ['Completed']);
  const hostStates = Object.entries(recordAt(upgrade, 'status', 'nodeStatuses')).flatMap(([host, status]) => {
    const state = textAt(status, 'state');
    return state === undefined ? [] : [{ host, state }];
  });
  return ok({
    namespace,
    name,
    active: completed?.status === 'Unknown',
    hostStates: hostStates.sort(byHost).slice(0, MAX_HOSTS_PER_CLUSTER_COUNT),
  });
}

const byHost = (a: { readonly host: string }, b: { readonly host: string }): number => (a.host < b.host ? -1 : 1);

export function projectRestore(restore: unknown): Result<RestoreFact> {
  const identity = projectNamespacedIdentity(restore);
  if (!identity.ok) return identity;
  const { namespace, name } = identity.value;
  return ok({ namespace, name, complete: isTrueAt(restore, 'status', 'complete') });
}
