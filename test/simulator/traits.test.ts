import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import {
  isKubeVirtVersion,
  isSince,
  KUBEVIRT_VERSIONS,
  type KubeVirtVersion,
  releaseOf,
  type Traits,
  traitsOf,
} from '../../simulator/traits.ts';

/** The versions that have it; a trait without a row does not compile. */
const HAVE: Record<keyof Traits, readonly KubeVirtVersion[]> = {
  endsBeforeSwitch: ['1.2', '1.3', '1.4', '1.5'],
  hasSides: ['1.6', '1.7', '1.8', '1.9'],
  hasAddedNodeSelector: ['1.6', '1.7', '1.8', '1.9'],
  hasPriority: ['1.7', '1.8', '1.9'],
  hasEvictionRequested: ['1.7', '1.8', '1.9'],
  hasBlockedByBackup: ['1.8', '1.9'],
  completesFailed: ['1.2', '1.3', '1.4', '1.5', '1.9'],
  evacuatesAllAtOnce: ['1.9'],
  persistsTargetPodDown: ['1.9'],
  hasDecentralized: ['1.6', '1.7', '1.8', '1.9'],
  hasDecentralizedFailure: ['1.8', '1.9'],
};

describe('traits', () => {
  test.each(Object.keys(HAVE) as (keyof Traits)[])('%s', (trait) => {
    expect(KUBEVIRT_VERSIONS.filter((version) => traitsOf(version)[trait])).toEqual(HAVE[trait]);
  });
});

test('versions are in order, and nothing else is one', () => {
  expect(KUBEVIRT_VERSIONS).toHaveLength(8);
  expect(isSince('1.6', '1.6')).toBe(true);
  expect(isSince('1.5', '1.6')).toBe(false);
  expect(isSince('1.9', '1.2')).toBe(true);
  expect(['1.1', '1.10', '1', '', '1.6.3'].filter(isKubeVirtVersion)).toEqual([]);
});

test.each(KUBEVIRT_VERSIONS)('a cluster of KubeVirt %s says so, in its own object and in its launchers', (kubevirt) => {
  const cluster = createCluster({ kubevirt, clock: createVirtualClock() });
  const release = releaseOf(kubevirt);
  expect(cluster.kubevirt).toBe(kubevirt);
  expect(cluster.traits).toEqual(traitsOf(kubevirt));
  expect(release.startsWith(`${kubevirt}.`)).toBe(true);
  expect(cluster.list('kubevirts').map(({ status }) => status.observedKubeVirtVersion)).toEqual([`v${release}`]);
  for (const { spec } of cluster.list('pods')) expect(spec.containers[0]?.image).toMatch(new RegExp(`:${release}$`));
});
