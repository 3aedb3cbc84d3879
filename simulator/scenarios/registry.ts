/** Every scenario by its name. */
import { ABORTS } from './aborts.ts';
import { COPIES } from './copies.ts';
import { CROSS_CLUSTER_IN } from './cross-cluster-in.ts';
import { CROSS_CLUSTER_OUT } from './cross-cluster-out.ts';
import { DRAINS } from './drains.ts';
import { FAILURES } from './failures.ts';
import { GUESTS } from './guests.ts';
import { HOSTS } from './hosts.ts';
import { MOVES } from './moves.ts';
import { ODD } from './odd.ts';
import { POWER } from './power.ts';
import { QUEUES } from './queues.ts';
import type { Scenario, ScenarioParts } from './scenario.ts';
import { STARTS } from './starts.ts';
import { UPGRADES } from './upgrades.ts';
import { WORKLOAD_UPDATES } from './workload-updates.ts';

const PARTS = {
  ...MOVES,
  ...COPIES,
  ...FAILURES,
  ...ABORTS,
  ...GUESTS,
  ...STARTS,
  ...QUEUES,
  ...DRAINS,
  ...UPGRADES,
  ...WORKLOAD_UPDATES,
  ...HOSTS,
  ...POWER,
  ...CROSS_CLUSTER_OUT,
  ...CROSS_CLUSTER_IN,
  ...ODD,
} as const satisfies Record<string, ScenarioParts>;

export type ScenarioName = keyof typeof PARTS;
export const SCENARIO_NAMES = Object.keys(PARTS) as readonly ScenarioName[];
export const isScenarioName = (text: string): text is ScenarioName => Object.hasOwn(PARTS, text);

export const SCENARIOS = Object.fromEntries(SCENARIO_NAMES.map((name) => [name, { ...PARTS[name], name }])) as Readonly<
  Record<ScenarioName, Scenario<ScenarioName>>
>;
