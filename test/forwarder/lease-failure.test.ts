/** What a failed request for the Lease says to people, and what makes two failures one piece of news. */
import { expect, test } from 'vitest';
import type { KubeFailure } from '../../forwarder/kube-failure.ts';
import { type FailedLeaseRequest, formatLeaseFailure, type LeaseVerb, leaseTopicOf } from '../../forwarder/lease-failure.ts';

const at = (verb: LeaseVerb): FailedLeaseRequest => ({
  verb,
  lease: { namespace: 'hostview', name: 'hostview-forwarder' },
  address: 'https://10.0.0.1:6443',
});
const status = (code: number, message = ''): KubeFailure => ({ kind: 'status', status: code, message, retryAfterMs: null });

test.each<[string, LeaseVerb, KubeFailure, string]>([
  [
    'a missing right',
    'update',
    status(403, 'leases is forbidden'),
    'not allowed to update leases.coordination.k8s.io: leases is forbidden; grant get, create, update on leases.coordination.k8s.io in the namespace hostview',
  ],
  [
    'a missing namespace',
    'create',
    status(404, 'namespaces "hostview" not found'),
    'no Lease can be made in the namespace hostview: namespaces "hostview" not found; create the namespace, or correct --lease',
  ],
  [
    'no Lease',
    'get',
    { kind: 'malformed', detail: 'it is no Lease' },
    'unreadable answer to get leases.coordination.k8s.io: it is no Lease; looking again',
  ],
  [
    'an error',
    'update',
    status(500, 'boom'),
    'cannot update leases.coordination.k8s.io: the API server https://10.0.0.1:6443 answers 500: boom',
  ],
  [
    'nobody there',
    'get',
    { kind: 'unreachable', reason: 'connection refused' },
    'cannot reach the API server https://10.0.0.1:6443: connection refused; trying again',
  ],
])('%s', (_what, verb, failure, line) => {
  expect(formatLeaseFailure(failure, at(verb))).toBe(line);
});

test('the same failure of any verb is the same news', () => {
  expect(leaseTopicOf(status(403, 'a'), at('get'))).toBe(leaseTopicOf(status(403, 'b'), at('update')));
  expect(leaseTopicOf(status(403), at('get'))).not.toBe(leaseTopicOf(status(500), at('get')));
});
