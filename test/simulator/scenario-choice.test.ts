import { describe, expect, test } from 'vitest';
import { chooseScenario, formatScenarios } from '../../simulator/scenario-choice.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../../simulator/scenarios/registry.ts';

describe('a choice', () => {
  test.each([
    ['nothing', {}, { scenario: null, kubevirt: '1.6', cluster: {} }],
    ['a KubeVirt', { kubevirt: '1.2' }, { scenario: null, kubevirt: '1.2' }],
    ['a scenario', { scenario: 'move' }, { scenario: 'move', kubevirt: '1.6', cluster: {} }],
    ['both', { scenario: 'move', kubevirt: '1.9' }, { scenario: 'move', kubevirt: '1.9' }],
    ['one that an older KubeVirt has too', { scenario: 'storage-loop' }, { scenario: 'storage-loop', kubevirt: '1.6' }],
    ['one that takes a newer KubeVirt', { scenario: 'queue-backup' }, { scenario: 'queue-backup', kubevirt: '1.8' }],
    ['one that sets what it needs', { scenario: 'drain' }, { scenario: 'drain', cluster: { vms: 24 } }],
    ['one with more room than it needs', { scenario: 'move', hosts: 5, vms: 40 }, { scenario: 'move', cluster: {} }],
  ])('%s', (_what, wish, choice) => {
    expect(chooseScenario(wish)).toMatchObject({ ok: true, ...choice });
  });

  test.each([
    [{ kubevirt: '1.1' }, '--kubevirt takes 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8 or 1.9, not "1.1".'],
    [{ scenario: 'drian' }, 'There is no scenario "drian". Did you mean drain? --list-scenarios lists them all.'],
    [{ scenario: 'dead' }, 'There is no scenario "dead". Did you mean dead-host or dead-host-lost? --list-scenarios lists them all.'],
    [
      { scenario: 'fail' },
      'Did you mean fail-before-handoff, fail-unschedulable, fail-quota, fail-transfer, fail-target-pod, failed-without-completed, clone-failed or cross-cluster-out-failed? --list',
    ],
    [{ scenario: 'volcano' }, 'There is no scenario "volcano". --list-scenarios lists them all.'],
    [{ scenario: 'toString' }, 'There is no scenario "toString".'],
    [{ scenario: 'queue-backup', kubevirt: '1.7' }, 'The scenario queue-backup needs KubeVirt 1.8 or newer, not --kubevirt 1.7.'],
    [{ scenario: 'drain', vms: 30 }, '--vms does not go with --scenario drain, which sets it (24).'],
    [{ scenario: 'queue-cluster-limit', hosts: 9 }, '--hosts does not go with --scenario queue-cluster-limit, which sets it (7).'],
    [{ scenario: 'move', vms: 5 }, '--scenario needs --vms 12 or more.'],
    [{ scenario: 'move', hosts: 2 }, '--scenario needs --hosts 3 or more.'],
  ])('refused: %j', (wish, error) => {
    const choice = chooseScenario(wish);
    expect(choice.ok ? '' : choice.error).toContain(error);
  });
});

test('the list has a line for each: its name, one sentence, and the KubeVirt it needs', () => {
  const lines = formatScenarios().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([...SCENARIO_NAMES]);
  for (const [index, name] of SCENARIO_NAMES.entries()) expect(lines[index]).toContain(SCENARIOS[name].summary);
  for (const name of SCENARIO_NAMES) expect(SCENARIOS[name].summary).toMatch(/^[A-Z].*[^.]\.$/);
  expect(lines.find((line) => line.startsWith('cross-cluster-in '))).toMatch(/\(KubeVirt 1\.6 or newer\)$/);
});

test('every scenario that was asked for is there', () => {
  expect(SCENARIO_NAMES).toHaveLength(67);
  expect(new Set(SCENARIO_NAMES).size).toBe(SCENARIO_NAMES.length);
  for (const name of SCENARIO_NAMES) expect(SCENARIOS[name].name).toBe(name);
});
