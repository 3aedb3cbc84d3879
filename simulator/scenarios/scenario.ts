/** What a scenario is. The registry (registry.ts) gives each its name. */
import type { Stage, Subjects, Updates } from '../stage.ts';
import type { KubeVirtVersion } from '../traits.ts';
import type { Cluster, ClusterOptions } from '../types.ts';

export interface ScenarioParts {
  /** One sentence, for `--list-scenarios`. */
  readonly summary: string;
  /** The earliest KubeVirt that has it. */
  readonly since?: KubeVirtVersion;
  /** What it needs besides three hosts and twelve VMs. */
  readonly cluster?: Partial<ClusterOptions>;
  /** A real API server would refuse its objects. */
  readonly simulatedOnly?: boolean;
  /** A pure function of the cluster as it is. */
  subjects(cluster: Cluster): Subjects;
  play(stage: Stage): Updates;
  /** Brings the cluster back into a state in which it can be played again. */
  restore?(stage: Stage): Updates;
}

export interface Scenario<Name extends string = string> extends ScenarioParts {
  readonly name: Name;
}
