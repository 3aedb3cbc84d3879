/** Which scenario and which KubeVirt a command line means. Pure: what is wrong comes back as a sentence. */
import { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios/registry.ts';
import { DEFAULT_KUBEVIRT, isKubeVirtVersion, isSince, KUBEVIRT_VERSIONS, type KubeVirtVersion } from './traits.ts';
import type { ClusterOptions } from './types.ts';

/** As it was typed; undefined where nothing was. */
export interface ScenarioWish {
  readonly scenario?: string | undefined;
  readonly kubevirt?: string | undefined;
  readonly hosts?: number | undefined;
  readonly vms?: number | undefined;
}

export type ScenarioChoice =
  | {
      readonly ok: true;
      readonly scenario: ScenarioName | null;
      readonly kubevirt: KubeVirtVersion;
      /** What the scenario sets. */
      readonly cluster: Partial<ClusterOptions>;
    }
  | { readonly ok: false; readonly error: string };

/** What every scenario finds its VMs and hosts in. */
const LEAST = { hosts: 3, vms: 12 } as const;
/** How many names a hint has: of those that contain what was typed, and of those that are only spelt like it. */
const CONTAINING_COUNT = 8;
const NEAR_COUNT = 3;
const NEAR_DISTANCE = 3;

const wrong = (error: string): ScenarioChoice => ({ ok: false, error });
const formatChoices = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;

export function chooseScenario({ scenario, kubevirt, ...size }: ScenarioWish): ScenarioChoice {
  if (kubevirt !== undefined && !isKubeVirtVersion(kubevirt)) {
    return wrong(`--kubevirt takes ${formatChoices(KUBEVIRT_VERSIONS)}, not "${kubevirt}".`);
  }
  if (scenario === undefined) return { ok: true, scenario: null, kubevirt: kubevirt ?? DEFAULT_KUBEVIRT, cluster: {} };
  if (!isScenarioName(scenario)) {
    const near = findNear(scenario);
    const hint = near.length === 0 ? '' : ` Did you mean ${formatChoices(near)}?`;
    return wrong(`There is no scenario "${scenario}".${hint} --list-scenarios lists them all.`);
  }
  const { since = DEFAULT_KUBEVIRT, cluster = {} } = SCENARIOS[scenario];
  // Unasked, the KubeVirt is one that has the scenario.
  const version = kubevirt ?? (isSince(since, DEFAULT_KUBEVIRT) ? since : DEFAULT_KUBEVIRT);
  if (SCENARIOS[scenario].since !== undefined && !isSince(version, since)) {
    return wrong(`The scenario ${scenario} needs KubeVirt ${since} or newer, not --kubevirt ${version}.`);
  }
  for (const option of ['hosts', 'vms'] as const) {
    if (size[option] === undefined) continue;
    if (cluster[option] !== undefined) {
      return wrong(`--${option} does not go with --scenario ${scenario}, which sets it (${cluster[option]}).`);
    }
    if (size[option] < LEAST[option]) return wrong(`--scenario needs --${option} ${LEAST[option]} or more.`);
  }
  return { ok: true, scenario, kubevirt: version, cluster };
}

/** Name and summary of each, aligned. */
export function formatScenarios(): string {
  const width = Math.max(...SCENARIO_NAMES.map(({ length }) => length));
  return SCENARIO_NAMES.map((name) => {
    const { summary, since } = SCENARIOS[name];
    return `${name.padEnd(width)}  ${summary}${since === undefined ? '' : ` (KubeVirt ${since} or newer)`}`;
  }).join('\n');
}

/** Names that somebody may have meant: those that contain it, else those that are a few letters away. */
function findNear(text: string): readonly string[] {
  const wanted = text.toLowerCase();
  const containing = wanted === '' ? [] : SCENARIO_NAMES.filter((name) => name.includes(wanted) || wanted.includes(name));
  if (containing.length > 0) return containing.slice(0, CONTAINING_COUNT);
  return SCENARIO_NAMES.map((name) => ({ name, distance: measureDistance(wanted, name) }))
    .filter(({ distance }) => distance <= Math.min(NEAR_DISTANCE, wanted.length / 2))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name)
    .slice(0, NEAR_COUNT);
}

/** Levenshtein's: how many letters to add, drop or change. */
function measureDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...b].entries()) {
      next.push(Math.min((row[at] ?? 0) + (letter === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
