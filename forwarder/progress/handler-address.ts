/** Where a host's virt-handler serves its metrics, and whose certificate it shows: from pods and a ConfigMap. Pure. */
import { isIP } from 'node:net';
import type { HostName } from '../../core/model.ts';
import { isRecord, listAt, recordAt, valueAt } from '../project/json.ts';
import type { Resource } from '../projector.ts';

export interface HandlerAddress {
  /** The pod's. */
  readonly ip: string;
  readonly port: number;
}

/** The name of the container's port, and its number where none has the name. */
const METRICS_PORT = { name: 'metrics', number: 8443 } as const;
/** Where KubeVirt is installed as a rule, for those who may not read the KubeVirt object: upstream, Harvester, OpenShift. */
export const USUAL_NAMESPACES: readonly string[] = ['kubevirt', 'harvester-system', 'openshift-cnv'];

/**
 * The virt-handler pods, of one host where one is named: then a list of one, from the API server's cache. Needs `list` on pods in that
 * namespace, and no more.
 */
export function handlerPods(namespace: string, host?: HostName): Resource {
  const label = encodeURIComponent('kubevirt.io=virt-handler');
  const field = host === undefined ? '' : `&fieldSelector=${encodeURIComponent(`spec.nodeName=${host}`)}`;
  return {
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: `labelSelector=${label}${field}&resourceVersion=0`,
    name: `pods in ${namespace}`,
    isKubeVirt: false,
    isOptional: true,
  };
}

/** KubeVirt's own authority, which signs its components' certificates; virt-operator keeps it up to date, two at once while it rotates. */
export const handlerAuthority = (namespace: string): Resource => ({
  path: `/api/v1/namespaces/${namespace}/configmaps/kubevirt-ca`,
  name: `configmaps/kubevirt-ca in ${namespace}`,
  isKubeVirt: false,
  isOptional: true,
});

/** Null where the list has no pod that can be asked; undefined where it is no list. */
export function parseHandlerPods(body: string): HandlerAddress | null | undefined {
  const list = parseJson(body);
  if (!isRecord(list) || !Array.isArray(list.items)) return undefined;
  for (const pod of list.items) {
    const ip = valueAt(pod, 'status', 'podIP');
    const isLeaving = valueAt(pod, 'metadata', 'deletionTimestamp') !== undefined;
    if (isLeaving || valueAt(pod, 'status', 'phase') !== 'Running' || typeof ip !== 'string' || isIP(ip) === 0) continue;
    return { ip, port: metricsPortOf(pod) };
  }
  return null;
}

function metricsPortOf(pod: unknown): number {
  for (const container of listAt(pod, 'spec', 'containers')) {
    for (const port of listAt(container, 'ports')) {
      const number = valueAt(port, 'containerPort');
      // Node throws on a port that is none.
      if (valueAt(port, 'name') === METRICS_PORT.name && isPort(number)) return number;
    }
  }
  return METRICS_PORT.number;
}

const isPort = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

/** PEM; undefined where the ConfigMap holds none. */
export function parseAuthority(body: string): string | undefined {
  const pem = recordAt(parseJson(body), 'data')['ca-bundle'];
  return typeof pem === 'string' && pem.includes('-----BEGIN CERTIFICATE-----') ? pem : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
