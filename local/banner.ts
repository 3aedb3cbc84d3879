/** What `npm start` says when everything runs: where the page is, what is simulated and what is real. Pure. */
import { SCENARIOS } from '../simulator/scenarios/registry.ts';
import type { StartOptions } from './options.ts';

/** `watched`: the name of the real cluster; `tokenFile`: where the administrator's token lies. */
export function formatBanner(options: StartOptions, watched: string, tokenFile: string): string {
  const what =
    options.real === null
      ? `Simulated: ${describeClusters(options)}; ${describeLife(options)}.\nReal: the forwarder, the worker with its Durable Objects, and the page.`
      : `Watching the cluster ${watched} with ${options.real.kubeconfig}. Nothing is simulated; the cluster is only read.`;
  const address = `http://localhost:${options.port}`;
  const adding = `To add a cluster on the page, enter the admin token of this run: it is in ${tokenFile}.`;
  return `\n  Hostview  ${address}\n\n${what}\n${adding}\nState is kept in .hostview/ (\`npm run clean\` deletes it). Ctrl-C stops everything.\n`;
}

function describeClusters({ clusters, hosts, vms, kubevirt }: StartOptions): string {
  const size = `${hosts} hosts and ${vms} VMs`;
  return clusters === 1
    ? `a Harvester cluster of ${size}, as KubeVirt ${kubevirt} runs it`
    : `${clusters} Harvester clusters of ${size} each, as KubeVirt ${kubevirt} runs them`;
}

function describeLife({ scenario, speed }: StartOptions): string {
  if (scenario === null) return `a VM moves about every ${Number((10 / speed).toPrecision(2))} s`;
  const { since } = SCENARIOS[scenario];
  const need = since === undefined ? '' : ` (it needs KubeVirt ${since} or newer)`;
  return `the scenario ${scenario} plays over and over${need}`;
}
