/** The options of `npm start`, read from its arguments. Pure: what is wrong with them comes back as a sentence. */
import { parseArgs } from 'node:util';
import { MAX_LABEL_CHARS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { CLUSTER_RANGES, explainArgsError, MAX_PORT, type NumberRange, parseNumber } from '../simulator/option-numbers.ts';
import { chooseScenario } from '../simulator/scenario-choice.ts';
import type { ScenarioName } from '../simulator/scenarios/registry.ts';
import type { KubeVirtVersion } from '../simulator/traits.ts';

export interface StartOptions {
  readonly port: number;
  /** A real cluster instead of simulated ones. */
  readonly real: { readonly kubeconfig: string; readonly context: string | null; readonly cluster: string | null } | null;
  readonly clusters: number;
  readonly vms: number;
  readonly hosts: number;
  readonly seed: number;
  readonly speed: number;
  readonly kubevirt: KubeVirtVersion;
  /** What a simulated cluster plays instead of everyday life. */
  readonly scenario: ScenarioName | null;
}

export const HELP = `Hostview, locally: the edge worker, the page, and a cluster to look at.

  npm start                              a simulated Harvester cluster whose VMs move
  npm start -- --kubeconfig FILE         a real cluster (it is only read)

  --port N           the page's port (8787)
  --kubeconfig FILE  watch a real cluster with this kubeconfig
  --context NAME     the kubeconfig's context (its current one)
  --cluster NAME     what to call the cluster (the context's name)
  --clusters N       how many simulated clusters (1)
  --vms N            VMs of each (12)
  --hosts N          hosts of each (3)
  --seed N           the same seed moves the same VMs (1)
  --speed X          2 is twice as fast, 0.5 half as fast (1)
  --kubevirt V       the KubeVirt of each, 1.2 to 1.9 (1.6)
  --scenario NAME    play one scenario over and over, instead of everyday life
  --list-scenarios   the names of the scenarios, and what happens in each
  --help             this text

State is kept in .hostview/; \`npm run clean\` deletes it. Ctrl-C stops everything.`;

const OPTIONS = {
  port: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  cluster: { type: 'string' },
  clusters: { type: 'string' },
  vms: { type: 'string' },
  hosts: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  kubevirt: { type: 'string' },
  scenario: { type: 'string' },
  'list-scenarios': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const RANGES = [
  { name: 'port', fallback: 8787, least: 1, most: MAX_PORT },
  { name: 'clusters', fallback: 1, least: 1, most: 50 },
  ...CLUSTER_RANGES,
] as const satisfies readonly NumberRange[];

const SIMULATED_ONLY = ['clusters', 'vms', 'hosts', 'seed', 'speed', 'kubevirt', 'scenario'] as const;

/** The options, or what was asked for instead of a run. */
export function parseStartOptions(args: readonly string[]): Result<StartOptions | 'help' | 'list-scenarios'> {
  let values: Partial<Record<keyof typeof OPTIONS, string | boolean>>;
  try {
    values = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return err(`${explainArgsError(error)} See: npm start -- --help`);
  }
  if (values.help === true) return ok('help');
  if (values['list-scenarios'] === true) return ok('list-scenarios');
  const text = (name: keyof typeof OPTIONS): string | undefined => values[name] as string | undefined;

  const kubeconfig = text('kubeconfig');
  if (kubeconfig === undefined) {
    const lone = (['context', 'cluster'] as const).find((name) => text(name) !== undefined);
    if (lone !== undefined) return err(`--${lone} goes with --kubeconfig FILE.`);
  } else {
    const needless = SIMULATED_ONLY.find((name) => text(name) !== undefined);
    if (needless !== undefined) return err(`--${needless} is for simulated clusters; it does not go with --kubeconfig.`);
  }
  const cluster = text('cluster') ?? null;
  if (cluster !== null && !isLabel(cluster))
    return err(`--cluster takes lower-case letters, digits and hyphens, at most ${MAX_LABEL_CHARS}.`);

  const numbers: Record<string, number> = {};
  for (const range of RANGES) {
    const number = parseNumber(range, text(range.name));
    if (!number.ok) return number;
    numbers[range.name] = number.value;
  }
  const { port, clusters, vms, hosts, seed, speed } = numbers as Record<(typeof RANGES)[number]['name'], number>;
  const given = (name: 'vms' | 'hosts', number: number) => (text(name) === undefined ? undefined : number);
  const wish = { scenario: text('scenario'), kubevirt: text('kubevirt'), vms: given('vms', vms), hosts: given('hosts', hosts) };
  const choice = chooseScenario(wish);
  if (!choice.ok) return err(choice.error);
  const { scenario, kubevirt, cluster: set } = choice;
  const real = kubeconfig === undefined ? null : { kubeconfig, context: text('context') ?? null, cluster };
  return ok({ port, real, clusters, vms: set.vms ?? vms, hosts: set.hosts ?? hosts, seed, speed, kubevirt, scenario });
}

/** A cluster's name from a context's: lower case, everything else a hyphen. */
export function clusterNameOf(context: string): string {
  const name = context
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LABEL_CHARS)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'cluster' : name;
}

export const isLabel = (text: string): boolean => text.length <= MAX_LABEL_CHARS && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
