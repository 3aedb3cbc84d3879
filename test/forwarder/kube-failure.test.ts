import { expect, test } from 'vitest';
import {
  formatKubeFailure,
  formatNetworkError,
  isExpired,
  type KubeFailure,
  parseStatusFailure,
  parseStatusObject,
} from '../../forwarder/kube-failure.ts';
import { RESOURCES } from '../../forwarder/projector.ts';

const status = (code: number, message = ''): KubeFailure => ({ kind: 'status', status: code, message, retryAfterMs: null });
const address = 'https://10.0.0.1:6443';

test.each<[keyof typeof RESOURCES, 'list' | 'watch', KubeFailure, string]>([
  ['vmi', 'list', status(404), 'KubeVirt is not installed in this cluster: no virtualmachineinstances.kubevirt.io'],
  ['kubevirt', 'list', status(404), `the API server ${address} does not know kubevirts.kubevirt.io (404)`],
  [
    'host',
    'list',
    status(403, 'nodes is forbidden: User "forwarder" cannot list resource "nodes"'),
    'not allowed to list nodes: nodes is forbidden: User "forwarder" cannot list resource "nodes"; grant get, list, watch on nodes',
  ],
  [
    'vmim',
    'watch',
    status(403),
    'not allowed to watch virtualmachineinstancemigrations.kubevirt.io; grant get, list, watch on virtualmachineinstancemigrations.kubevirt.io',
  ],
  [
    'host',
    'list',
    { kind: 'unreachable', reason: 'connection refused' },
    `cannot reach the API server ${address}: connection refused; trying again`,
  ],
  ['host', 'list', { kind: 'oversized', maxBytes: 64 * 1_048_576 }, 'the answer to list nodes is longer than 64 MB; trying again'],
  ['host', 'watch', status(500, 'etcd'), `cannot watch nodes: the API server ${address} answers 500: etcd`],
])('%s %s', (kind, verb, failure, text) => {
  expect(formatKubeFailure(failure, { verb, resource: RESOURCES[kind], address })).toBe(text);
});

test('410 is known in every form', () => {
  expect(isExpired(parseStatusFailure(410, undefined, 'gone', 0))).toBe(true);
  expect(isExpired(parseStatusObject({ code: 410 }))).toBe(true);
  expect(isExpired(parseStatusObject({ reason: 'Expired' }))).toBe(true);
  expect(isExpired(parseStatusObject({ reason: 'Gone' }))).toBe(true);
  expect(isExpired(parseStatusObject({ code: 500, reason: 'InternalError' }))).toBe(false);
  expect(isExpired(parseStatusObject(null))).toBe(false);
});

test('an answer in a proxy’s own words has no message, but its Retry-After', () => {
  expect(parseStatusFailure(503, '3', '<html>', 0)).toEqual({ kind: 'status', status: 503, message: '', retryAfterMs: 3_000 });
});

test('an ERROR event can ask for time as a header can', () => {
  const asked = (retryAfterSeconds: unknown) =>
    parseStatusObject({ code: 429, reason: 'TooManyRequests', message: 'slow', details: { retryAfterSeconds } });
  expect(asked(5)).toEqual({ kind: 'status', status: 429, message: 'slow', retryAfterMs: 5_000 });
  for (const odd of ['5', -1, Number.NaN, 1e300, null, {}]) {
    const { retryAfterMs } = asked(odd) as { readonly retryAfterMs: number | null };
    expect(retryAfterMs === null || (retryAfterMs >= 0 && retryAfterMs <= 600_000), String(odd)).toBe(true);
  }
});

test('network errors are said in words', () => {
  expect(formatNetworkError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBe('connection refused');
  expect(formatNetworkError(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }))).toBe('its name cannot be resolved');
  expect(formatNetworkError(new DOMException('', 'TimeoutError'))).toBe('no answer in time');
  expect(formatNetworkError(new Error('something new'))).toBe('something new');
});
