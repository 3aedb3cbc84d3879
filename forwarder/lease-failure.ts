/** How a failed request for the Lease is said to people. Pure. */
import type { LeaseName } from './config.ts';
import { formatKubeFailure, type KubeFailure, topicOf } from './kube-failure.ts';
import { leasePathOf } from './lease.ts';
import type { Resource } from './projector.ts';

export type LeaseVerb = 'get' | 'create' | 'update';

export interface FailedLeaseRequest {
  readonly verb: LeaseVerb;
  readonly lease: LeaseName;
  /** The API server's URL. */
  readonly address: string;
}

const NAME = 'leases.coordination.k8s.io';
const resourceOf = (lease: LeaseName): Resource => ({ path: leasePathOf(lease), name: NAME, isKubeVirt: false, isOptional: false });

/** One sentence that says what to do, without a full stop. */
export function formatLeaseFailure(failure: KubeFailure, { verb, lease, address }: FailedLeaseRequest): string {
  if (failure.kind === 'malformed') return `unreadable answer to ${verb} ${NAME}: ${failure.detail}; looking again`;
  if (failure.kind === 'status') {
    const said = failure.message === '' ? '' : `: ${failure.message}`;
    const { namespace } = lease;
    if (failure.status === 403) {
      return `not allowed to ${verb} ${NAME}${said}; grant get, create, update on ${NAME} in the namespace ${namespace}`;
    }
    if (failure.status === 404)
      return `no Lease can be made in the namespace ${namespace}${said}; create the namespace, or correct --lease`;
  }
  return formatKubeFailure(failure, { verb, resource: resourceOf(lease), address });
}

/** What makes two failures the same news. */
export const leaseTopicOf = (failure: KubeFailure, { verb, lease, address }: FailedLeaseRequest): string =>
  topicOf(failure, { verb, resource: resourceOf(lease), address });
