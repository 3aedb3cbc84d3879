import { describe, expect, test } from 'vitest';
import { createScenario } from '../../simulator/scenario-run.ts';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../../simulator/scenarios/registry.ts';
import { isSince, KUBEVIRT_VERSIONS } from '../../simulator/traits.ts';
import type { Cluster } from '../../simulator/types.ts';
import { GUEST_CHECKS } from './guest-checks.ts';
import { HOST_CHECKS } from './host-checks.ts';
import { type Check, MOVE_CHECKS } from './move-checks.ts';
import { playPart, playScenario, stageScenario } from './scenario-story.ts';

/** A scenario without a check does not compile. */
const CHECKS: Record<ScenarioName, Check> = { ...MOVE_CHECKS, ...GUEST_CHECKS, ...HOST_CHECKS };

const CASES = SCENARIO_NAMES.flatMap((name) =>
  (['1.5', '1.9'] as const)
    .filter((kubevirt) => isSince(kubevirt, SCENARIOS[name].since ?? '1.2'))
    .map((kubevirt) => [name, kubevirt] as const),
);

/** What must be so when a scenario is over and the cluster is as before. */
function expectSettled(cluster: Cluster): void {
  expect(cluster.moves).toEqual([]);
  const vmis = cluster.list('virtualmachineinstances');
  const uids = new Set(vmis.map(({ metadata }) => metadata.uid));
  for (const { metadata } of cluster.list('pods')) expect(uids, metadata.name).toContain(metadata.ownerReferences?.[0]?.uid);
  const pods = new Map(cluster.list('pods').map((pod) => [pod.metadata.uid, pod]));
  for (const { metadata, status } of vmis) {
    expect(status.phase, metadata.name).toBe('Running');
    const hosts = Object.entries(status.activePods ?? {}).map(([uid, host]) => [pods.get(uid)?.spec.nodeName, host]);
    expect(hosts, metadata.name).toEqual([[status.nodeName, status.nodeName]]);
  }
  for (const node of cluster.list('nodes')) {
    expect(node.spec.unschedulable, node.metadata.name).toBeUndefined();
    expect(Object.keys(node.metadata.annotations ?? {}).filter((key) => key.includes('maintain') || key.includes('drain'))).toEqual([]);
    expect(node.status.conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
  }
}

describe('every scenario', () => {
  test.each(CASES)('%s, KubeVirt %s: an update a turn, to its end, twice', (name, kubevirt) => {
    const cluster = stageScenario(name, kubevirt);
    const vms = cluster.list('virtualmachines').map(({ metadata }) => metadata.name);
    for (const round of ['first', 'second']) {
      const story = playScenario(cluster, name);
      expect(story.reports.length, `${round} time`).toBeGreaterThan(0);
      CHECKS[name](story);
      const back = playPart(cluster, story.restore());
      expectSettled(cluster);
      expect(cluster.list('virtualmachines').map(({ metadata }) => metadata.name)).toEqual(vms);
      if (SCENARIOS[name].restore === undefined) expect(back.reports).toEqual([]);
    }
  });

  test.each(SCENARIO_NAMES)('%s is deterministic', (name) => {
    const tell = (): readonly string[] => {
      const { subjects, reports } = playScenario(stageScenario(name, '1.9'), name);
      return [JSON.stringify(subjects), ...reports.map((report) => `${report.name} ${JSON.stringify(report.object)}`)];
    };
    expect(tell()).toEqual(tell());
  });

  test.each(SCENARIO_NAMES)('%s is told who takes part by the cluster alone', (name) => {
    const cluster = stageScenario(name, '1.9');
    const { version } = cluster.store;
    const subjects = SCENARIOS[name].subjects(cluster);
    expect(SCENARIOS[name].subjects(cluster)).toEqual(subjects);
    expect(cluster.store.version).toBe(version);
    expect(subjects.vms.length + subjects.hosts.length).toBeGreaterThan(0);
    expect(createScenario(cluster, name).subjects).toEqual(subjects);
    expect(cluster.store.version, 'nothing is visible before the first step').toBe(version);
  });

  test.each(KUBEVIRT_VERSIONS)('plays on KubeVirt %s, or says which one it needs', (kubevirt) => {
    for (const name of SCENARIO_NAMES) {
      const { since } = SCENARIOS[name];
      const cluster = stageScenario(name, kubevirt);
      if (since !== undefined && !isSince(kubevirt, since)) {
        expect(() => createScenario(cluster, name)).toThrow(`needs KubeVirt ${since} or newer; this cluster has ${kubevirt}`);
      } else {
        const run = createScenario(cluster, name);
        expect(run.finish().length, name).toBeGreaterThan(0);
        run.restore().finish();
        expectSettled(cluster);
      }
    }
  });
});
