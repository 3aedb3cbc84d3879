import { describe, expect, test } from 'vitest';
import { err, ok, type Result } from '../../../core/result.ts';
import type { KubeFailure } from '../../../forwarder/kube-failure.ts';
import { findProgressAttempts } from '../../../forwarder/progress/check-attempts.ts';
import { handlerAuthority, handlerPods } from '../../../forwarder/progress/handler-address.ts';
import { readManifest, readRules } from '../../support/manifests.ts';

const attempts = (answer: Result<string, KubeFailure>) =>
  findProgressAttempts({ getText: async () => answer }, new AbortController().signal);
const HARVESTER = JSON.stringify({ items: [{ metadata: { namespace: 'harvester-system', name: 'kubevirt' } }] });
const FORBIDDEN = err({ kind: 'status', status: 403, message: '', retryAfterMs: null } as const);

describe('what --check tries for --progress', () => {
  test('in the namespace of the KubeVirt object, the two requests that the forwarder makes', async () => {
    const [pods, authority, ...more] = await attempts(ok(HARVESTER));
    expect(pods).toMatchObject({ verb: 'list', resource: 'pods in harvester-system', isOptional: false });
    expect(pods?.path).toMatch(/^\/api\/v1\/namespaces\/harvester-system\/pods\?labelSelector=kubevirt.io%3Dvirt-handler&/);
    expect(authority).toMatchObject({ verb: 'get', path: '/api/v1/namespaces/harvester-system/configmaps/kubevirt-ca', isOptional: true });
    expect(more).toEqual([]);
  });

  test.each([FORBIDDEN, ok('{"items":[]}'), ok('<html>')])(
    'where it is not known where KubeVirt is, in the usual ones, of which one will do',
    async (answer) => {
      const tried = await attempts(answer);
      expect(tried.map(({ path }) => path.split('/')[4])).toEqual([
        'kubevirt',
        'kubevirt',
        'harvester-system',
        'harvester-system',
        'openshift-cnv',
        'openshift-cnv',
      ]);
      expect(tried.every(({ isOptional }) => isOptional)).toBe(true);
    },
  );
});

describe('deploy/forwarder/progress', () => {
  test('gives exactly what is asked for', () => {
    expect(readRules('forwarder/progress/handler-role.yaml')).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['kubevirt-ca'], verbs: ['get'] },
    ]);
    const [role, binding] = readManifest('forwarder/progress/handler-role.yaml');
    for (const object of [role, binding]) expect(object?.metadata.namespace).toBe('harvester-system');
    expect(handlerAuthority('harvester-system').path).toMatch(/\/namespaces\/harvester-system\/configmaps\/kubevirt-ca$/);
  });

  test('lets the forwarder out to the pods that it asks for, and to no others', () => {
    const specOf = (path: string) => readManifest(path)[0]?.spec as { egress: unknown; podSelector: unknown; policyTypes: unknown };
    const { egress, podSelector, policyTypes } = specOf('forwarder/progress/network-policy.yaml');
    expect(podSelector).toEqual(specOf('forwarder/network-policy.yaml').podSelector);
    expect(policyTypes).toEqual(['Egress']);
    expect(egress).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'harvester-system' } },
            podSelector: { matchLabels: { 'kubevirt.io': 'virt-handler' } },
          },
        ],
        ports: [{ port: 8443, protocol: 'TCP' }],
      },
    ]);
    expect(handlerPods('n', 'h').query).toContain(encodeURIComponent('kubevirt.io=virt-handler'));
  });
});
