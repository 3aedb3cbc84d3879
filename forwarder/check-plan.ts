/** What `--check` tries at the API server: the requests that the forwarder makes, each for what it is made for. Pure. */
import type { FactKind } from '../core/facts.ts';
import type { LeaseName } from './config.ts';
import { leasePathOf, leasesPathOf } from './lease.ts';
import { KINDS, RESOURCES } from './projector.ts';

/** One right, and a request that shows whether it is there and changes nothing. */
export interface Attempt {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update';
  /** As RBAC and people name it. */
  readonly resource: string;
  /** With its query. A watch also gets the version to start from. */
  readonly path: string;
  readonly neededFor: string;
  readonly isOptional: boolean;
  /** KubeVirt's own: where it is missing, KubeVirt is. */
  readonly isKubeVirt?: boolean;
  /** JSON, of a dry run (`dryRun=All`): authorized and validated as any other, never stored. */
  readonly body?: string;
  /** Answers besides success that only come to those who have the right. */
  readonly goodStatuses?: readonly number[];
}

/** Its answer tells which cluster it is (U1). */
export const CLUSTER_UID_ATTEMPT: Attempt = {
  verb: 'get',
  resource: 'namespaces/kube-system',
  path: '/api/v1/namespaces/kube-system',
  neededFor: 'to know which cluster this is, and that it answers',
  isOptional: false,
};

const NEEDED_FOR: Readonly<Record<FactKind, string>> = {
  host: 'the hosts and their state',
  vm: 'VMs that are off, and what is wanted of them',
  vmi: 'which VM is on which host',
  vmim: 'migrations',
  pod: 'why a migration’s target pod is not scheduled',
  kubevirt: 'which limits migrations wait for',
  power: 'whether a host is off',
  upgrade: 'whether an upgrade empties a host',
  restore: 'whether a VM is being restored',
};

/** The path of the watch has no version yet: it comes from the list. */
export function attemptsOfKind(kind: FactKind): { readonly list: Attempt; readonly watch: Attempt } {
  const { path, query, name, isOptional, isKubeVirt } = RESOURCES[kind];
  const base = `${path}?${query === undefined ? '' : `${query}&`}`;
  const [, namespace] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
  const resource = namespace === undefined ? name : `${name} in ${namespace}`;
  const common = { resource, neededFor: NEEDED_FOR[kind], isOptional, isKubeVirt };
  return {
    list: { ...common, verb: 'list', path: `${base}limit=1` },
    watch: { ...common, verb: 'watch', path: `${base}watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}` },
  };
}

/** Its end is not waited for. */
const WATCH_SECONDS = 5;

export const KIND_ATTEMPTS: readonly ReturnType<typeof attemptsOfKind>[] = KINDS.map(attemptsOfKind);

/**
 * A dry run shows the right itself, where a SelfSubjectAccessReview would only tell what the authorizer thinks, and needs a right of its
 * own. Who may is asked before anything else, so the other refusals come only to those who may: there is one already (409), there is none
 * (404), the version that is to be replaced is not named (422).
 */
export function attemptsOfLease({ namespace, name }: LeaseName): readonly Attempt[] {
  const [all, one] = [leasesPathOf({ namespace, name }), leasePathOf({ namespace, name })];
  const body = JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name }, spec: {} });
  const neededFor = 'to agree with other replicas on who forwards';
  const common = { resource: `leases.coordination.k8s.io in ${namespace}`, neededFor, isOptional: false };
  return [
    { ...common, verb: 'get', path: one, goodStatuses: [404] },
    { ...common, verb: 'create', path: `${all}?dryRun=All`, body, goodStatuses: [409] },
    { ...common, verb: 'update', path: `${one}?dryRun=All`, body, goodStatuses: [404, 409, 422] },
  ];
}
