/** The forwarder's service account may what deploy/ grants it and nothing else: the API server is asked about all that there is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCluster } from '../../simulator/cluster.ts';
import { KubeError, type ResourcePath, TEST_RESOURCES, type TestKubeClient } from '../support/kube-client.ts';
import { ACCOUNT, type Deployed, deploy, findAssets, HARVESTER_NAMESPACE, manifestsOf, NAMESPACE } from './deployed.ts';
import { seedApiServer } from './seed.ts';

const assets = findAssets();

/** All that it may, besides what every service account may; elsewhere and by other verbs it may nothing. */
const GRANTED: readonly (readonly [verbs: string, resource: string, where?: string])[] = [
  ['get list watch', 'nodes'],
  ['get list watch', 'pods'],
  ['get', 'namespaces', 'kube-system'],
  ['get list watch', 'virtualmachines.kubevirt.io'],
  ['get list watch', 'virtualmachineinstances.kubevirt.io'],
  ['get list watch', 'virtualmachineinstancemigrations.kubevirt.io'],
  ['get list watch', 'kubevirts.kubevirt.io'],
  ['get list watch', 'upgrades.harvesterhci.io'],
  ['get list watch', 'virtualmachinerestores.harvesterhci.io'],
  ['get list watch', 'inventories.metal.harvesterhci.io', 'in harvester-system'],
  ['create', 'leases.coordination.k8s.io', 'in hostview'],
  ['get update', 'leases.coordination.k8s.io', 'in hostview hostview-forwarder'],
];
/** What every service account may of itself. */
const OWN_REVIEWS = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'];

/** Where is asked: everywhere, in one namespace, one object. */
interface Scope {
  readonly namespace?: string;
  readonly name?: string;
}
const SCOPES: readonly Scope[] = [
  {},
  { name: 'kube-system' },
  { namespace: NAMESPACE },
  { namespace: NAMESPACE, name: ACCOUNT },
  { namespace: NAMESPACE, name: 'another' },
  { namespace: HARVESTER_NAMESPACE },
  { namespace: 'default' },
  { namespace: 'kube-system' },
];
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
/** What discovery does not list here: KubeVirt's own API server, and the rights that make rights. */
const MORE: readonly (readonly [verb: string, resource: string])[] = [
  ...['vnc', 'console', 'portforward', 'guestosinfo', 'userlist', 'pause', 'freeze', 'softreboot'].flatMap((action) =>
    ['get', 'update'].map((verb) => [verb, `virtualmachineinstances.subresources.kubevirt.io/${action}`] as const),
  ),
  ...['start', 'stop', 'restart', 'migrate', 'addvolume'].map(
    (action) => ['update', `virtualmachines.subresources.kubevirt.io/${action}`] as const,
  ),
  ...['users', 'groups', 'serviceaccounts'].map((who) => ['impersonate', who] as const),
  ...['bind', 'escalate'].flatMap((verb) => ['roles', 'clusterroles'].map((role) => [verb, `${role}.rbac.authorization.k8s.io`] as const)),
  ['approve', 'signers.certificates.k8s.io'],
  ['sign', 'signers.certificates.k8s.io'],
  ['use', 'podsecuritypolicies.policy'],
  ['*', '*.*'],
  ['*', 'nodes'],
  ['*', 'virtualmachines.kubevirt.io'],
];

interface Question extends Scope {
  readonly verb: string;
  /** `pods`, `pods/log`, `leases.coordination.k8s.io` */
  readonly resource: string;
}

const formatQuestion = ({ verb, resource, namespace, name }: Question): string =>
  [verb, resource, ...(namespace === undefined ? [] : [`in ${namespace}`]), ...(name === undefined ? [] : [name])].join(' ');

/** Whether GRANTED says so. A right that is not limited to a namespace or a name holds in each and for each. */
function isGranted({ verb, resource, namespace, name }: Question): boolean {
  return GRANTED.some(([verbs, what, where]) => {
    if (what !== resource || !verbs.split(' ').includes(verb)) return false;
    const [, inside, only] = /^(?:in (\S+))? ?(\S+)?$/.exec(where ?? '') ?? [];
    return (inside === undefined || inside === namespace) && (only === undefined || only === name);
  });
}

describe.skipIf(assets === null)("the forwarder's rights on a real API server", () => {
  const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  let deployed: Deployed;
  let forwarder: TestKubeClient;
  let nobody: TestKubeClient;
  let questions: readonly Question[];

  beforeAll(async () => {
    deployed = await deploy(assets ?? '', manifestsOf(assets ?? ''));
    await seedApiServer(deployed.server.admin, cluster);
    forwarder = await deployed.logIn(ACCOUNT);
    nobody = await deployed.logIn('nobody');
    const served = new Map(deployed.resources.map((resource) => [nameOf(resource.group, resource.name), resource]));
    questions = [
      ...[...served].flatMap(([resource, { namespaced }]) =>
        SCOPES.filter(({ namespace }) => namespaced || namespace === undefined).flatMap((scope) =>
          VERBS.map((verb) => ({ verb, resource, ...scope })),
        ),
      ),
      ...MORE.flatMap(([verb, resource]) => SCOPES.map((scope) => ({ verb, resource, ...scope }))),
    ];
  });
  afterAll(() => deployed?.stop());

  test('all that there is was asked about, and it may exactly what is granted', async () => {
    expect(questions.length).toBeGreaterThan(3_000);
    for (const known of ['secrets', 'pods/exec', 'nodes/proxy', 'virtualmachines.kubevirt.io/status', 'leases.coordination.k8s.io'])
      expect(questions.some(({ resource }) => resource === known)).toBe(true);
    const reviews = (question: Question): boolean => OWN_REVIEWS.includes(question.resource.split('.', 1)[0] ?? '');
    const allowed = (await allowedOf(forwarder, questions)).filter((question) => !reviews(question));
    expect(allowed.map(formatQuestion).sort()).toEqual(questions.filter(isGranted).map(formatQuestion).sort());
    // Each grant is among them.
    for (const [verbs, resource] of GRANTED)
      for (const verb of verbs.split(' '))
        expect(allowed.some((question) => question.verb === verb && question.resource === resource)).toBe(true);
  });

  test('a service account without its roles may none of it: nothing comes from elsewhere', async () => {
    const allowed = await allowedOf(nobody, questions.filter(isGranted));
    expect(allowed).toEqual([]);
  });

  test('of paths it may read what everybody may, and no more', async () => {
    const { admin } = deployed.server;
    const refused = ['/metrics', '/logs', '/debug/pprof/', '/debug/flags/v'];
    for (const path of refused) expect([path, await isPathAllowed(forwarder, path)]).toEqual([path, false]);
    // As on a hardened cluster, where what every user may read was taken back.
    await admin.delete(TEST_RESOURCES.clusterrolebindings, 'system:public-info-viewer');
    await admin.delete(TEST_RESOURCES.clusterrolebindings, 'system:discovery');
    await untilRefused(nobody, '/version');
    expect(await isPathAllowed(forwarder, '/version')).toBe(false);
  });

  const VMI = { api: '/apis/kubevirt.io/v1', plural: 'virtualmachineinstances', hasStatus: false };
  const core = (plural: string): ResourcePath => ({ api: '/api/v1', plural, hasStatus: false });
  const LEASES: ResourcePath = { api: '/apis/coordination.k8s.io/v1', plural: 'leases', hasStatus: false };
  const vm = { name: 'ubuntu-web-1', namespace: 'default' };
  const host = cluster.list('nodes')[0]?.metadata.name ?? '';
  const pod = { metadata: { name: 'intruder', namespace: NAMESPACE }, spec: { containers: [{ name: 'intruder', image: 'intruder' }] } };
  const lease = (name: string, namespace = NAMESPACE) => ({ metadata: { name, namespace }, spec: { holderIdentity: 'me' } });

  const ATTEMPTS: Readonly<Record<string, (client: TestKubeClient) => Promise<unknown>>> = {
    'read all Secrets': (client) => client.list(core('secrets')),
    'read the token of its own edge through the API': (client) => client.get(core('secrets'), 'hostview-forwarder-token', NAMESPACE),
    'read ConfigMaps': (client) => client.list(core('configmaps'), NAMESPACE),
    'read another namespace': (client) => client.get(TEST_RESOURCES.namespaces, 'default'),
    'list namespaces': (client) => client.list(TEST_RESOURCES.namespaces),
    'run a pod': (client) => client.create(TEST_RESOURCES.pods, pod),
    'read a log': (client) => client.get(core('pods'), 'any/log', 'default'),
    'run a command in a pod': (client) => client.create(core('pods/any/exec'), { metadata: { name: 'any', namespace: 'default' } }),
    'reach a kubelet through the API': (client) => client.get(core('nodes'), `${host}/proxy`),
    'change a host': (client) => client.patch(TEST_RESOURCES.nodes, { name: host }, { spec: { unschedulable: true } }),
    'change the status of a host': (client) => client.patchStatus(TEST_RESOURCES.nodes, { name: host }, { status: {} }),
    'change a VM': (client) => client.patch(TEST_RESOURCES.virtualmachines, vm, { spec: { runStrategy: 'Halted' } }),
    'delete a VMI': (client) => client.delete(VMI, vm.name, vm.namespace),
    'start a migration': (client) =>
      client.create(TEST_RESOURCES.virtualmachineinstancemigrations, { metadata: { ...vm }, spec: { vmiName: vm.name } }),
    'open the screen of a VM': (client) => client.get({ ...VMI, api: '/apis/subresources.kubevirt.io/v1' }, `${vm.name}/vnc`, vm.namespace),
    'read inventories of other namespaces': (client) =>
      client.list({ api: '/apis/metal.harvesterhci.io/v1alpha1', plural: 'inventories', hasStatus: false }),
    'read another Lease of its namespace': (client) => client.get(LEASES, 'another', NAMESPACE),
    'list Leases': (client) => client.list(LEASES, NAMESPACE),
    'make a Lease elsewhere': (client) => client.create(LEASES, lease(ACCOUNT, 'kube-system')),
    'give itself a role': (client) =>
      client.create(TEST_RESOURCES.clusterrolebindings, {
        metadata: { name: 'more' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
      }),
    'make itself a token': (client) =>
      client.create(core(`serviceaccounts/${ACCOUNT}/token`), { metadata: { name: ACCOUNT, namespace: NAMESPACE }, spec: {} }),
  };

  test.for(Object.entries(ATTEMPTS))('it is refused to %s', async ([, attempt]) => {
    const failure = await attempt(forwarder).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(KubeError);
    expect((failure as KubeError).status).toBe(403);
  });

  test('its Lease it makes, reads and takes over; it can neither delete nor list it, nor take another', async () => {
    const { admin } = deployed.server;
    const made = await forwarder.create(LEASES, lease(ACCOUNT));
    await forwarder.replace(LEASES, { ...made, spec: { holderIdentity: 'replica-2' } });
    expect(await forwarder.get(LEASES, ACCOUNT, NAMESPACE)).toMatchObject({ spec: { holderIdentity: 'replica-2' } });
    const another = await admin.create(LEASES, lease('another'));
    const attempts = [
      () => forwarder.replace(LEASES, { ...another, spec: { holderIdentity: 'replica-2' } }),
      () => forwarder.patch(LEASES, { name: ACCOUNT, namespace: NAMESPACE }, { spec: { holderIdentity: 'x' } }),
      () => forwarder.delete(LEASES, ACCOUNT, NAMESPACE),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 403 });
    expect((await admin.get(LEASES, 'another', NAMESPACE)).metadata.resourceVersion).toBe(another.metadata.resourceVersion);
  });
});

const nameOf = (group: string, name: string): string => {
  const [plural, ...subresource] = name.split('/');
  return [group === '' ? plural : `${plural}.${group}`, ...subresource].join('/');
};

const REVIEWS: ResourcePath = { api: '/apis/authorization.k8s.io/v1', plural: 'selfsubjectaccessreviews', hasStatus: false };
const AT_ONCE = 32;

async function isAllowed(client: TestKubeClient, attributes: Readonly<Record<string, unknown>>): Promise<boolean> {
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: { name: '' }, spec: attributes };
  const { status } = await client.create(REVIEWS, review);
  return (status as { allowed: boolean }).allowed;
}

const isPathAllowed = (client: TestKubeClient, path: string): Promise<boolean> =>
  isAllowed(client, { nonResourceAttributes: { path, verb: 'get' } });

/** The API server learns of a change of rights a while after it took it. */
async function untilRefused(client: TestKubeClient, path: string): Promise<void> {
  await expect.poll(() => isPathAllowed(client, path), { timeout: 30_000 }).toBe(false);
}

async function allowedOf(client: TestKubeClient, questions: readonly Question[]): Promise<readonly Question[]> {
  const allowed: Question[] = [];
  for (let start = 0; start < questions.length; start += AT_ONCE) {
    const some = questions.slice(start, start + AT_ONCE);
    const answers = await Promise.all(
      some.map(({ verb, resource: full, namespace, name }) => {
        const [, resource, group = '', subresource] = /^([^./]+)(?:\.([^/]+))?(?:\/(.+))?$/.exec(full) ?? [];
        return isAllowed(client, { resourceAttributes: { verb, group, resource, subresource, namespace, name } });
      }),
    );
    for (const [index, question] of some.entries()) if (answers[index] === true) allowed.push(question);
  }
  return allowed;
}
