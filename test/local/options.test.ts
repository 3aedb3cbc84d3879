import { describe, expect, test } from 'vitest';
import { clusterNameOf, HELP, isLabel, parseStartOptions } from '../../local/options.ts';

const DEFAULTS = { port: 8787, real: null, clusters: 1, vms: 12, hosts: 3, seed: 1, speed: 1, kubevirt: '1.6', scenario: null };

describe('npm start -- options', () => {
  test.each([
    [[], DEFAULTS],
    [['--port', '9000', '--vms=100', '--speed', '0.5', '--seed', '0'], { ...DEFAULTS, port: 9000, vms: 100, speed: 0.5, seed: 0 }],
    [['--kubeconfig', 'f'], { ...DEFAULTS, real: { kubeconfig: 'f', context: null, cluster: null } }],
    [
      ['--kubeconfig', 'f', '--context', 'c', '--cluster', 'prod'],
      { ...DEFAULTS, real: { kubeconfig: 'f', context: 'c', cluster: 'prod' } },
    ],
    [['--kubevirt', '1.9'], { ...DEFAULTS, kubevirt: '1.9' }],
    [['--scenario', 'move', '--vms', '40'], { ...DEFAULTS, scenario: 'move', vms: 40 }],
    [['--scenario', 'drain'], { ...DEFAULTS, scenario: 'drain', vms: 24 }],
    [['--scenario', 'queue-backup'], { ...DEFAULTS, scenario: 'queue-backup', kubevirt: '1.8' }],
    [['--list-scenarios', '--port', '1'], 'list-scenarios'],
    [['--help', '--port', '1'], 'help'],
  ])('%j', (args, value) => {
    expect(parseStartOptions(args)).toEqual({ ok: true, value });
  });

  test.each([
    [['--nonsense'], /--nonsense/],
    [['stray'], /stray/],
    [['--port', 'x'], /--port takes a whole number from 1 to 65535, not "x"/],
    [['--port', '0'], /--port/],
    [['--port', '80.5'], /--port/],
    [['--port', ' '], /--port/],
    [['--hosts', '1'], /--hosts takes a whole number from 2/],
    [['--speed=-1'], /--speed takes a number/],
    [['--speed', '-1'], /--speed/],
    [['--speed', 'Infinity'], /--speed/],
    [['--context', 'c'], /--context goes with --kubeconfig/],
    [['--cluster', 'c'], /--cluster goes with --kubeconfig/],
    [['--kubeconfig', 'f', '--vms', '5'], /--vms is for simulated clusters/],
    [['--kubeconfig', 'f', '--scenario', 'move'], /--scenario is for simulated clusters; it does not go with --kubeconfig/],
    [['--kubeconfig', 'f', '--kubevirt', '1.6'], /--kubevirt is for simulated clusters/],
    [['--scenario', 'abort-qeued'], /There is no scenario "abort-qeued"\. Did you mean abort-queued\? --list-scenarios/],
    [['--scenario', 'drain', '--vms', '30'], /--vms does not go with --scenario drain, which sets it \(24\)/],
    [['--kubevirt', '2'], /--kubevirt takes 1\.2, .* or 1\.9, not "2"/],
    [['--kubeconfig', 'f', '--cluster', 'Not_A_Label'], /--cluster takes lower-case/],
  ])('refused with a sentence: %j', (args, sentence) => {
    const parsed = parseStartOptions(args);
    expect(parsed.ok ? '' : parsed.error).toMatch(sentence);
  });

  test('the help has them all', () => {
    for (const option of ['port', 'kubeconfig', 'clusters', 'vms', 'seed', 'speed', 'kubevirt', 'scenario', 'list-scenarios']) {
      expect(HELP).toContain(`--${option} `);
    }
  });

  test('a context’s name becomes a cluster’s', () => {
    expect(clusterNameOf('admin@prod.example.com:6443')).toBe('admin-prod-example-com-6443');
    expect(clusterNameOf('___')).toBe('cluster');
    expect(isLabel(clusterNameOf(`${'A'.repeat(62)}.-x`))).toBe(true);
  });
});
