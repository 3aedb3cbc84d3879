/**
 * The manifest that one `kubectl apply -f` installs a forwarder with: the files of deploy/forwarder as kustomize would put them together,
 * with the settings and the token filled in. Pure.
 *
 * Lines are filled in, and the YAML is not parsed. So nothing can break out of its place: every value is held to plain characters and
 * written as a JSON string, which YAML reads as the same text.
 */

import type { ClusterName } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import clusterRole from '../deploy/forwarder/cluster-role.yaml';
import optionalClusterRole from '../deploy/forwarder/cluster-role-optional.yaml';
import deployment from '../deploy/forwarder/deployment.yaml';
import inventoryRole from '../deploy/forwarder/harvester/inventory-role.yaml';
import leaseRole from '../deploy/forwarder/lease-role.yaml';
import namespace from '../deploy/forwarder/namespace.yaml';
import networkPolicy from '../deploy/forwarder/network-policy.yaml';
import disruptionBudget from '../deploy/forwarder/pod-disruption-budget.yaml';
import handlerRole from '../deploy/forwarder/progress/handler-role.yaml';
import progressNetworkPolicy from '../deploy/forwarder/progress/network-policy.yaml';
import serviceAccount from '../deploy/forwarder/service-account.yaml';
import tokenSecret from '../deploy/forwarder/token-secret.example.yaml';
import { hashToken } from './auth.ts';
import type { Refusal } from './problem.ts';

/** What can be added to the forwarder; on Harvester both fit (deploy/README.md). */
const COMPONENTS = ['harvester', 'progress'] as const;
export type Component = (typeof COMPONENTS)[number];

export interface InstallSettings {
  /** The edge's URL, of plain characters (install-origin.ts). */
  readonly origin: string;
  readonly cluster: ClusterName;
  /** As {@link parseImage} lets it pass. */
  readonly image: string;
  readonly components: readonly Component[];
}

const IMAGE_MOST_CHARS = 512;
const IMAGE =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** Of the setting FORWARDER_IMAGE. */
export function parseImage(setting: string | undefined): Result<string, Refusal> {
  if (setting !== undefined && setting.length <= IMAGE_MOST_CHARS && IMAGE.test(setting)) return ok(setting);
  const what = setting === undefined || setting === '' ? 'is not set' : 'is no reference of an image';
  const detail = `The edge’s setting FORWARDER_IMAGE ${what}; it is like registry.example.com/hostview-forwarder:0.1.0. The code is still good.`;
  return err({ code: 'no-forwarder-image', detail });
}

/** Of the query: a comma list; untrusted. */
export function parseComponents(text: string | null): Result<readonly Component[], Refusal> {
  const names = text === null || text === '' ? [] : text.split(',');
  const known = COMPONENTS.filter((component) => names.includes(component));
  if (names.every((name) => known.some((component) => component === name))) return ok(known);
  return err({
    code: 'invalid',
    detail: `\`with\`: expected some of ${COMPONENTS.join(', ')}, with commas between.`,
    extra: { at: 'with' },
  });
}

/** The manifest but for its token, so that nothing can fail once a code is spent for one. */
export async function composeManifest(settings: InstallSettings): Promise<(token: string) => string> {
  const { origin, cluster, image, components } = settings;
  const has = (component: Component): boolean => components.includes(component);
  const literals = { HOSTVIEW_CLUSTER: cluster, HOSTVIEW_EDGE: origin, ...(has('progress') && { HOSTVIEW_PROGRESS: 'true' }) };
  const configName = `${CONFIG_NAME}-${await kustomizeHash(literals)}`;
  const filledDeployment = fillLine(
    fillLine(deployment, '          image: hostview-forwarder', `          image: ${quote(image)}`),
    `                name: ${CONFIG_NAME}`,
    `                name: ${configName}`,
  );
  const before = [namespace, serviceAccount, clusterRole, optionalClusterRole, leaseRole];
  const after = [
    formatConfigMap(configName, literals),
    filledDeployment,
    disruptionBudget,
    openPort(networkPolicy, portOf(origin)),
    ...(has('harvester') ? [inventoryRole] : []),
    ...(has('progress') ? [handlerRole, progressNetworkPolicy] : []),
  ];
  const head = `# Hostview's forwarder for the cluster ${cluster}. The token of the cluster is in it: keep it as you keep a password.\n`;
  return (token) => {
    const secret = fillLine(withoutComments(tokenSecret), TOKEN_LINE, `  token: ${quote(btoa(token))}`);
    return `${head + [...before, secret, ...after].map((text) => text.trim()).join('\n---\n')}\n`;
  };
}

const CONFIG_NAME = 'hostview-forwarder-config';
const TOKEN_LINE = '  token: ""';

/** YAML's double quotes read what JSON writes. */
const quote = (text: string): string => JSON.stringify(text);

/** Throws where the line is not there just once: then a file of deploy/ has changed, and this has to change with it. */
function fillLine(text: string, line: string, filled: string): string {
  const lines = text.split('\n');
  const at = lines.indexOf(line);
  if (at === -1 || lines.lastIndexOf(line) !== at) throw new Error(`the manifest does not have the line once: ${line}`);
  return lines.with(at, filled).join('\n');
}

/** They speak of the file, and would be untrue of what it is filled with. */
const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

const formatConfigMap = (name: string, literals: Readonly<Record<string, string>>): string =>
  [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    `  name: ${name}`,
    '  namespace: hostview',
    'data:',
    ...Object.entries(literals).map(([key, value]) => `  ${key}: ${quote(value)}`),
  ].join('\n');

/**
 * The suffix that kustomize (5.5) gives such a ConfigMap, so that going over to `kubectl apply -k` changes nothing. The name counts as empty
 * there, and keys must be in order.
 */
async function kustomizeHash(data: Readonly<Record<string, string>>): Promise<string> {
  const hash = await hashToken(JSON.stringify({ data, kind: 'ConfigMap', name: '' }));
  const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  return Array.from(hash.slice(0, 10), (digit) => letters[digit] ?? digit).join('');
}

const portOf = (origin: string): number => {
  const { port, protocol } = new URL(origin);
  return port === '' ? ({ 'http:': 80, 'https:': 443 }[protocol] ?? 443) : Number(port);
};

/** An edge on a port of its own must be let out to. */
const openPort = (policy: string, port: number): string => {
  if (policy.includes(`        - port: ${port}\n          protocol: TCP\n`)) return policy;
  const last = '        - port: 6443';
  return fillLine(policy, last, `        - port: ${port}\n          protocol: TCP\n${last}`);
};
