/** The command line of the simulator on its own. Pure: arguments in, settings or a message out. */
import { parseArgs } from 'node:util';
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
  speed: { type: 'string', default: '1' },
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

const MAX_PORT = 65_535;
const MAX_HOSTS_COUNT = 1000;
const MAX_VMS_COUNT = 50_000;

export function parseSettings(args: readonly string[]): Parsed {
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (cause) {
    return { type: 'wrong', message: `${cause instanceof Error ? cause.message : cause} Try --help.` };
  }
  if (values.help) return { type: 'help' };
  if (values['list-scenarios']) return { type: 'list-scenarios' };
  const wrong: string[] = [];
  const readNumber = (option: 'port' | 'hosts' | 'vms' | 'seed', fallback: number, low: number, high: number): number => {
    const text = values[option] ?? String(fallback);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      wrong.push(`--${option} ${text}: give a whole number from ${low} to ${high}`);
    }
    return value;
  };
  const port = readNumber('port', 8001, 0, MAX_PORT);
  const hosts = readNumber('hosts', 3, 1, MAX_HOSTS_COUNT);
  const vms = readNumber('vms', 12, 0, MAX_VMS_COUNT);
  const seed = readNumber('seed', 1, 0, 2 ** 31 - 1);
  const speed = Number(values.speed);
  if (!(speed >= 0.01 && speed <= 1000)) wrong.push(`--speed ${values.speed}: give a number from 0.01 to 1000`);
  const choice = chooseScenario({
    scenario: values.scenario,
    kubevirt: values.kubevirt,
    hosts: values.hosts === undefined ? undefined : hosts,
    vms: values.vms === undefined ? undefined : vms,
  });
  if (!choice.ok) return { type: 'wrong', message: choice.error };
  if (wrong.length > 0) return { type: 'wrong', message: wrong.join('\n') };
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
