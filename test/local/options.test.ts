import { describe, expect, test } from 'vitest';
import { clusterNameOf, isLabel, parseStartOptions } from '../../local/options.ts';

const DEFAULTS = { port: 8787, real: null, clusters: 1, vms: 12, hosts: 3, seed: 1, speed: 1 };

describe('npm start -- options', () => {
  test.each([
    [[], DEFAULTS],
    [['--port', '9000', '--vms=100', '--speed', '0.5', '--seed', '0'], { ...DEFAULTS, port: 9000, vms: 100, speed: 0.5, seed: 0 }],
    [['--kubeconfig', 'f'], { ...DEFAULTS, real: { kubeconfig: 'f', context: null, cluster: null } }],
    [
      ['--kubeconfig', 'f', '--context', 'c', '--cluster', 'prod'],
      { ...DEFAULTS, real: { kubeconfig: 'f', context: 'c', cluster: 'prod' } },
    ],
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
    [['--kubeconfig', 'f', '--cluster', 'Not_A_Label'], /--cluster takes lower-case/],
  ])('refused with a sentence: %j', (args, sentence) => {
    const parsed = parseStartOptions(args);
    expect(parsed.ok ? '' : parsed.error).toMatch(sentence);
  });

  test('a context’s name becomes a cluster’s', () => {
    expect(clusterNameOf('admin@prod.example.com:6443')).toBe('admin-prod-example-com-6443');
    expect(clusterNameOf('___')).toBe('cluster');
    expect(isLabel(clusterNameOf(`${'A'.repeat(62)}.-x`))).toBe(true);
  });
});
