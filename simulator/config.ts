/** The command line of the simulator on its own. Pure: arguments in, settings or a message out. */
import { parseArgs } from 'node:util';
import { CLUSTER_RANGES, explainArgsError, MAX_PORT, type NumberRange, parseNumber } from './option-numbers.ts';
import { chooseScenario } from './scenario-choice.ts';
import type { ScenarioName } from './scenarios/registry.ts';
import type { KubeVirtVersion } from './traits.ts';

export interface Settings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly hosts: number;
  readonly vms: number;
  readonly seed: number;
  readonly speed: number;
  readonly kubevirt: KubeVirtVersion;
  readonly token?: string;
  /** Where to write a kubeconfig. */
  readonly kubeconfig?: string;
  /** Nothing moves by itself. */
  readonly still: boolean;
  /** What plays instead of the autopilot. */
  readonly scenario: ScenarioName | null;
}

export const HELP = `A simulated Harvester cluster that serves the Kubernetes API over HTTP and moves its VMs as KubeVirt does.

  node simulator/main.ts [options]

  --port N            port to listen on (8001; 0 lets the system choose)
  --host ADDRESS      address to listen on (127.0.0.1)
  --name NAME         the cluster's name (harvester)
  --hosts N           how many hosts (3)
  --vms N             how many VMs (12)
  --seed N            the same seed, the same story (1)
  --speed X           2 moves twice as fast (1)
  --kubevirt V        which KubeVirt it is, 1.2 to 1.9 (1.6)
  --scenario NAME     play one scenario over and over, instead of everyday life
  --list-scenarios    the names of the scenarios, and what happens in each
  --token TEXT        ask for this bearer token
  --kubeconfig FILE   write a kubeconfig for it to FILE
  --still             nothing moves by itself
  --help              this text
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  name: { type: 'string', default: 'harvester' },
  hosts: { type: 'string' },
  vms: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  kubevirt: { type: 'string' },
  scenario: { type: 'string' },
  'list-scenarios': { type: 'boolean', default: false },
  token: { type: 'string' },
  kubeconfig: { type: 'string' },
  still: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Parsed =
  | { readonly type: 'run'; readonly settings: Settings }
  | { readonly type: 'help' }
  | { readonly type: 'list-scenarios' }
  | { readonly type: 'wrong'; readonly message: string };

/** 0 lets the system choose. */
const PORT_RANGE = { name: 'port', fallback: 8001, least: 0, most: MAX_PORT } as const satisfies NumberRange;

export function parseSettings(args: readonly string[]): Parsed {
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (cause) {
    return { type: 'wrong', message: `${explainArgsError(cause)} Try --help.` };
  }
  if (values.help) return { type: 'help' };
  if (values['list-scenarios']) return { type: 'list-scenarios' };
  const numbers: Record<string, number> = {};
  for (const range of [PORT_RANGE, ...CLUSTER_RANGES]) {
    const number = parseNumber(range, values[range.name]);
    if (!number.ok) return { type: 'wrong', message: number.error };
    numbers[range.name] = number.value;
  }
  const { port, vms, hosts, seed, speed } = numbers as Record<'port' | (typeof CLUSTER_RANGES)[number]['name'], number>;
  const choice = chooseScenario({
    scenario: values.scenario,
    kubevirt: values.kubevirt,
    hosts: values.hosts === undefined ? undefined : hosts,
    vms: values.vms === undefined ? undefined : vms,
  });
  if (!choice.ok) return { type: 'wrong', message: choice.error };
  if (choice.scenario !== null && values.still) {
    return { type: 'wrong', message: '--still does not go with --scenario: in a scenario things move by themselves.' };
  }
  const { name, host, token, kubeconfig, still } = values;
  return {
    type: 'run',
    settings: {
      name,
      host,
      port,
      hosts: choice.cluster.hosts ?? hosts,
      vms: choice.cluster.vms ?? vms,
      seed,
      speed,
      kubevirt: choice.kubevirt,
      still,
      scenario: choice.scenario,
      ...(token === undefined ? {} : { token }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    },
  };
}
