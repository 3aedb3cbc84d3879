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
      generation: 'ge-1.6',
      still: false,
    },
  });
});

test('everything said', () => {
  const args =
    '--port 0 --host ::1 --name lab --hosts 100 --vms 10000 --seed 9 --speed 2.5 --generation le-1.5 --token t --kubeconfig /tmp/k --still';
  expect(parseSettings(args.split(' '))).toMatchObject({
    settings: {
      port: 0,
      host: '::1',
      name: 'lab',
      hosts: 100,
      vms: 10_000,
      speed: 2.5,
      generation: 'le-1.5',
      token: 't',
      kubeconfig: '/tmp/k',
      still: true,
    },
  });
});

test.each([
  ['--port 70000', '--port 70000: give a whole number from 0 to 65535'],
  ['--hosts 0', '--hosts 0: give a whole number'],
  ['--vms 1.5', '--vms 1.5: give a whole number'],
  ['--speed fast', '--speed fast: give a number'],
  ['--speed 0', '--speed 0: give a number'],
  ['--generation 1.7', '--generation 1.7: give ge-1.6 or le-1.5'],
  ['--colour', "Unknown option '--colour'"],
  ['stray', "Unexpected argument 'stray'"],
])('%s: %s', (args, message) => {
  const parsed = parseSettings(args.split(' '));
  expect(parsed.type === 'wrong' && parsed.message).toContain(message);
});

test('every option is in the help', () => {
  expect(parseSettings(['--help'])).toEqual({ type: 'help' });
  for (const option of ['port', 'host', 'name', 'hosts', 'vms', 'seed', 'speed', 'generation', 'token', 'kubeconfig', 'still']) {
    expect(HELP).toContain(`--${option} `);
  }
});
