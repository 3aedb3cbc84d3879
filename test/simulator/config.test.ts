import { expect, test } from 'vitest';
import { HELP, parseSettings } from '../../simulator/config.ts';

test('nothing said: the defaults', () => {
  expect(parseSettings([])).toEqual({
    type: 'run',
    settings: {
      name: 'harvester',
      host: '127.0.0.1',
      port: 8001,
      hosts: 3,
      vms: 12,
      seed: 1,
      speed: 1,
      kubevirt: '1.6',
      scenario: null,
      still: false,
    },
  });
});

test('everything said', () => {
  const args =
    '--port 0 --host ::1 --name lab --hosts 100 --vms 10000 --seed 9 --speed 2.5 --kubevirt 1.5 --token t --kubeconfig /tmp/k --still';
  expect(parseSettings(args.split(' '))).toMatchObject({
    settings: {
      port: 0,
      host: '::1',
      name: 'lab',
      hosts: 100,
      vms: 10_000,
      speed: 2.5,
      kubevirt: '1.5',
      token: 't',
      kubeconfig: '/tmp/k',
      still: true,
    },
  });
});

test.each([
  ['--port 70000', '--port takes a whole number from 0 to 65535, not "70000".'],
  ['--hosts 1', '--hosts takes a whole number from 2 to 1000, not "1".'],
  ['--vms 1.5', '--vms takes a whole number from 1 to 20000, not "1.5".'],
  ['--seed 4294967296', '--seed takes a whole number from 0 to 4294967295, not "4294967296".'],
  ['--speed fast', '--speed takes a number from 0.01 to 1000, not "fast".'],
  ['--speed 0', '--speed takes a number'],
  ['--kubevirt 2.0', '--kubevirt takes 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8 or 1.9, not "2.0"'],
  ['--scenario moove', 'There is no scenario "moove". Did you mean move? --list-scenarios lists them all.'],
  ['--scenario drain --vms 100', '--vms does not go with --scenario drain'],
  ['--scenario move --still', '--still does not go with --scenario: in a scenario things move by themselves.'],
  ['--colour', "Unknown option '--colour'. Try --help."],
  ['stray', "Unexpected argument 'stray'. "],
])('%s: %s', (args, message) => {
  const parsed = parseSettings(args.split(' '));
  expect(parsed.type === 'wrong' && parsed.message).toContain(message);
});

test('a scenario brings what it needs', () => {
  expect(parseSettings(['--scenario', 'queue-cluster-limit'])).toMatchObject({
    settings: { scenario: 'queue-cluster-limit', hosts: 7, vms: 28, kubevirt: '1.6' },
  });
  expect(parseSettings(['--list-scenarios'])).toEqual({ type: 'list-scenarios' });
});

test('every option is in the help', () => {
  expect(parseSettings(['--help'])).toEqual({ type: 'help' });
  for (const option of ['port', 'host', 'name', 'hosts', 'vms', 'seed', 'speed', 'kubevirt', 'scenario', 'token', 'kubeconfig', 'still']) {
    expect(HELP).toContain(`--${option} `);
  }
});
