/** What the manifests in deploy/ promise each other, and the forwarder's own reading of what they set. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../forwarder/config.ts';
import { FORWARDER_VERSION } from '../../forwarder/forwarder-version.ts';
import type { KubeObject } from '../support/kube-client.ts';
import { readManifest } from '../support/manifests.ts';
import { podEnvironment, podTemplateOf } from '../support/pod-environment.ts';

const only = (path: string): KubeObject => {
  const [object, ...more] = readManifest(`forwarder/${path}`);
  if (object === undefined || more.length > 0) throw new Error(`${path} should have one object`);
  return object;
};
interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
  readonly configMapGenerator: readonly { readonly name: string; readonly literals: readonly string[] }[];
}
const kustomization = only('kustomization.yaml') as unknown as Kustomization;
const deployment = only('deployment.yaml');
const { metadata, spec: pod } = podTemplateOf(deployment);
const [container] = pod.containers;
const [generated] = kustomization.configMapGenerator;
const data = Object.fromEntries((generated?.literals ?? []).map((literal) => literal.split('=', 2) as [string, string]));
const fields = { 'metadata.namespace': 'hostview', 'metadata.name': 'hostview-forwarder-7d9f-abcde' };
const environment = podEnvironment(container, data, fields);
const mebibytes = (quantity: string): number => Number(/^(\d+)Mi$/.exec(quantity)?.[1]);
const specOf = (object: KubeObject) => object.spec as Record<string, unknown>;

describe('what the Deployment sets', () => {
  test('is all that a replica needs once the edge and the cluster are named', () => {
    const named = { ...environment, HOSTVIEW_EDGE: 'https://hostview.example.com', HOSTVIEW_CLUSTER: 'harvester' };
    expect(parseConfig([], named)).toEqual({
      ok: true,
      value: {
        mode: 'run',
        kubeConfigFiles: [],
        progress: false,
        vmLabels: [],
        logLevel: 'info',
        logFormat: 'json',
        edge: 'https://hostview.example.com',
        cluster: 'harvester',
        token: { file: '/etc/hostview/token/token' },
        listen: { host: '::', port: 8080 },
        lease: { namespace: 'hostview', name: 'hostview-forwarder' },
        identity: 'hostview-forwarder-7d9f-abcde',
      },
    });
  });

  test('sends the token nowhere while nobody has said where', () => {
    expect(parseConfig([], environment)).toEqual({ ok: false, error: 'no edge to send to: give --edge URL or HOSTVIEW_EDGE' });
    const withEdge = { ...environment, HOSTVIEW_EDGE: 'https://hostview.example.com' };
    expect(parseConfig([], withEdge)).toEqual({ ok: false, error: 'no name for the cluster: give --cluster NAME or HOSTVIEW_CLUSTER' });
  });

  test('comes from the ConfigMap that the kustomization makes, and the image is of this version', () => {
    const [settings, ...secrets] = container.envFrom;
    expect(settings).toEqual({ configMapRef: { name: generated?.name } });
    expect(secrets.map(({ secretRef }) => secretRef?.optional)).toEqual([true]);
    // kustomize puts the hash of a ConfigMap's name wherever a Role has that name.
    expect(JSON.stringify(readManifest('forwarder/lease-role.yaml'))).not.toContain(`"${generated?.name}"`);
    expect(kustomization.images).toEqual([expect.objectContaining({ name: container.image, newTag: FORWARDER_VERSION })]);
  });

  test('the heap ends before the memory does', () => {
    const heap = Number(/--max-old-space-size=(\d+)\b/.exec(environment.NODE_OPTIONS ?? '')?.[1]);
    expect(heap).toBeGreaterThan(mebibytes(container.resources.requests.memory));
    expect(heap).toBeLessThanOrEqual(mebibytes(container.resources.limits.memory) * 0.75);
  });

  test('the token is a file in a folder of its own, whose Secret no apply touches', () => {
    const mount = container.volumeMounts.find(({ name }) => name === 'token');
    const volume = pod.volumes.find(({ name }) => name === 'token');
    expect(mount?.subPath).toBeUndefined();
    expect(environment.HOSTVIEW_TOKEN_FILE).toBe(`${mount?.mountPath}/token`);
    const secret = only('token-secret.example.yaml');
    expect(volume?.secret).toEqual({ secretName: secret.metadata.name, defaultMode: 0o440 });
    expect(secret.data).toEqual({ token: '' });
    const applied = kustomization.resources.flatMap((path) => readManifest(`forwarder/${path}`));
    expect(applied.filter(({ kind }) => kind === 'Secret' || kind === 'Lease')).toEqual([]);
  });
});

describe('what selects the pods', () => {
  test('one port is listened on, probed, scraped, and let in', () => {
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(environment.HOSTVIEW_LISTEN) }]);
    expect([container.livenessProbe.httpGet, container.readinessProbe.httpGet]).toEqual([
      { path: '/livez', port: 'http' },
      { path: '/readyz', port: 'http' },
    ]);
    expect(metadata.annotations['prometheus.io/port']).toBe(environment.HOSTVIEW_LISTEN);
    expect(specOf(only('network-policy.yaml')).ingress).toEqual([
      { ports: [{ port: container.ports[0]?.containerPort, protocol: 'TCP' }] },
    ]);
  });

  test('Deployment, budget, policy and spreading mean the same pods', () => {
    const labels = { 'app.kubernetes.io/name': 'hostview-forwarder' };
    expect(metadata.labels).toMatchObject(labels);
    const { podSelector } = specOf(only('network-policy.yaml'));
    const [spread] = (pod as unknown as { topologySpreadConstraints: readonly { labelSelector: unknown }[] }).topologySpreadConstraints;
    const selectors = [
      specOf(deployment).selector,
      specOf(only('pod-disruption-budget.yaml')).selector,
      podSelector,
      spread?.labelSelector,
    ];
    expect(selectors).toEqual(selectors.map(() => ({ matchLabels: labels })));
  });

  test.each([1, 2])('with %i replicas no host is kept from being drained', (replicas) => {
    const { maxUnavailable, minAvailable } = specOf(only('pod-disruption-budget.yaml'));
    expect(minAvailable).toBeUndefined();
    // As the disruption controller reckons, all replicas being healthy: healthy − (wanted − maxUnavailable).
    expect(replicas - (replicas - Number(maxUnavailable))).toBeGreaterThanOrEqual(1);
    // Else a forwarder that cannot be ready (no token yet, no edge) keeps its host from being drained.
    expect(specOf(only('pod-disruption-budget.yaml')).unhealthyPodEvictionPolicy).toBe('AlwaysAllow');
    expect(specOf(deployment)).toMatchObject({ replicas: 2, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } });
  });
});

describe('roles', () => {
  test('no role has a wildcard, and none but the Lease a verb that writes', () => {
    const files = [...kustomization.resources, 'harvester/inventory-role.yaml'];
    const roles = files
      .flatMap((path) => readManifest(`forwarder/${path}`))
      .filter(({ kind }) => kind?.endsWith('Role'))
      .map(({ metadata: role, rules }) => ({ role, rules: rules as readonly Readonly<Record<string, readonly string[]>>[] }));
    expect(roles).toHaveLength(4);
    for (const { role, rules } of roles) {
      const values = rules.flatMap((rule) => Object.values(rule).flat());
      expect(values.filter((value) => value.includes('*'))).toEqual([]);
      const verbs = new Set(rules.flatMap(({ verbs = [] }) => verbs));
      const reads = role.name === 'hostview-forwarder-lease' ? ['get', 'update', 'create'] : ['get', 'list', 'watch'];
      expect([role.name, [...verbs].filter((verb) => !reads.includes(verb))]).toEqual([role.name, []]);
    }
  });
});
