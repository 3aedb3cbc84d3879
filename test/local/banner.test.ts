import { expect, test } from 'vitest';
import { formatBanner } from '../../local/banner.ts';
import { parseStartOptions, type StartOptions } from '../../local/options.ts';

function optionsOf(args: string): StartOptions {
  const parsed = parseStartOptions(args === '' ? [] : args.split(' '));
  if (!parsed.ok || typeof parsed.value === 'string') throw new Error(`not the options of a run: ${args}`);
  return parsed.value;
}

test.each([
  ['', 'Simulated: a Harvester cluster of 3 hosts and 12 VMs, as KubeVirt 1.6 runs it; a VM moves about every 10 s.'],
  [
    '--clusters 2 --kubevirt 1.5 --speed 20',
    'Simulated: 2 Harvester clusters of 3 hosts and 12 VMs each, as KubeVirt 1.5 runs them; a VM moves about every 0.5 s.',
  ],
  [
    '--scenario drain',
    'Simulated: a Harvester cluster of 3 hosts and 24 VMs, as KubeVirt 1.6 runs it; the scenario drain plays over and over.',
  ],
  ['--scenario queue-backup', 'as KubeVirt 1.8 runs it; the scenario queue-backup plays over and over (it needs KubeVirt 1.8 or newer).'],
  ['--kubeconfig /k', 'Watching the cluster prod with /k. Nothing is simulated; the cluster is only read.'],
])('npm start -- %s', (args, sentence) => {
  const banner = formatBanner(optionsOf(args), 'prod', '.hostview/8787/admin-token');
  expect(banner).toContain(sentence);
  expect(banner).toContain('Hostview  http://localhost:8787');
  expect(banner).toContain('it is in .hostview/8787/admin-token.');
});
