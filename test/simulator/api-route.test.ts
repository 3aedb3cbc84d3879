import { expect, test } from 'vitest';
import { parseRoute } from '../../simulator/api-route.ts';

const KUBEVIRT = '/apis/kubevirt.io/v1';

/** A route in a few words: type, resource, namespace, name. */
function summarize(method: string, url: string): string {
  const route = parseRoute(method, url);
  if (route.type === 'error') return `${route.error.code}`;
  if (route.type === 'document') return `document ${route.path}`;
  return [route.type, route.resource.name, route.namespace ?? '-', 'name' in route ? route.name : '-'].join(' ');
}

test.each([
  ['GET', '/version', 'document /version'],
  ['GET', '/apis/kubevirt.io/v1/', 'document /apis/kubevirt.io/v1'],
  ['GET', '/api/v1', 'document /api/v1'],
  ['POST', '/version', '405'],
  ['GET', '/api/v1/nodes', 'list nodes - -'],
  ['GET', '/api/v1/nodes/harv-1', 'get nodes - harv-1'],
  ['GET', '/api/v1/namespaces', 'list namespaces - -'],
  ['GET', '/api/v1/namespaces/kube-system', 'get namespaces - kube-system'],
  ['GET', `${KUBEVIRT}/virtualmachines?watch=true`, 'watch virtualmachines - -'],
  ['GET', `${KUBEVIRT}/virtualmachines?watch=0`, 'list virtualmachines - -'],
  ['GET', `${KUBEVIRT}/namespaces/default/virtualmachines`, 'list virtualmachines default -'],
  ['GET', `${KUBEVIRT}/namespaces/default/virtualmachines/web-1`, 'get virtualmachines default web-1'],
  ['POST', `${KUBEVIRT}/namespaces/default/virtualmachineinstancemigrations`, 'create virtualmachineinstancemigrations default -'],
  ['DELETE', `${KUBEVIRT}/namespaces/default/virtualmachineinstancemigrations/m`, 'delete virtualmachineinstancemigrations default m'],
  ['PATCH', '/api/v1/nodes/harv-1', 'patch nodes - harv-1'],
  ['PUT', '/apis/coordination.k8s.io/v1/namespaces/default/leases/x', 'update leases default x'],
  ['POST', `${KUBEVIRT}/virtualmachineinstancemigrations`, '405'],
  ['POST', `${KUBEVIRT}/namespaces/default/virtualmachines`, '405'],
  ['DELETE', '/api/v1/nodes/harv-1', '405'],
  ['PUT', `${KUBEVIRT}/namespaces/default/virtualmachines/web-1`, '405'],
  ['GET', `${KUBEVIRT}/virtualmachines/web-1`, '404'],
  ['GET', '/apis/kubevirt.io/v1alpha3/virtualmachines', '404'],
  ['GET', '/api/v1/virtualmachines', '404'],
  ['GET', '/api/v1/namespaces/default/nodes', '404'],
  ['GET', `${KUBEVIRT}/namespaces/default/virtualmachines/web-1/status`, '404'],
  ['GET', '/', '404'],
  ['GET', '/nowhere', '404'],
  ['GET', '/api/v1/nodes/%zz', '400'],
  ['GET', '/api/v1/nodes?limit=many', '400'],
  ['GET', '/api/v1/nodes?watch=1&timeoutSeconds=-1', '400'],
  ['GET', '/api/v1/nodes?labelSelector=a%3Db%3Dc', '400'],
  ['GET', '/api/v1/nodes?watch=1&resourceVersion=x', '422'],
  ['GET', '/api/v1/nodes?watch=1&sendInitialEvents=true', '422'],
  ['GET', '/api/v1/nodes?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact', '422'],
  ['GET', '/api/v1/nodes?watch=1&resourceVersionMatch=NotOlderThan', '422'],
  ['GET', '/api/v1/nodes?sendInitialEvents=true&resourceVersionMatch=NotOlderThan', '422'],
  ['DELETE', `${KUBEVIRT}/namespaces/default/virtualmachineinstancemigrations/m?dryRun=All`, '400'],
])('%s %s: %s', (method, url, expected) => {
  expect(summarize(method, url)).toBe(expected);
});

test('a list as a stream is for servers that have the gate on', () => {
  const url = '/api/v1/nodes?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  expect(parseRoute('GET', url)).toMatchObject({ type: 'watch', query: { version: null, bookmarks: true, initialEvents: true } });
  expect(parseRoute('GET', url, false)).toMatchObject({ error: { code: 422, body: { reason: 'Invalid' } } });
});

test('what a watch asks for', () => {
  const route = parseRoute('GET', '/api/v1/nodes?watch=1&resourceVersion=42&allowWatchBookmarks=true&timeoutSeconds=7');
  expect(route).toMatchObject({ query: { version: 42, bookmarks: true, initialEvents: false, timeoutMs: 7000 } });
});
