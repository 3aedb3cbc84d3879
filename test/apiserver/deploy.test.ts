/** The manifests of deploy/ on a real API server: it takes them all, and takes all of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KubeObject, TEST_RESOURCES, type TestKubeClient } from '../support/kube-client.ts';
import { renderKustomization } from '../support/manifests.ts';
import { podTemplateOf } from '../support/pod-environment.ts';
import { type Deployed, deploy, findAssets, findDeployment, manifestsOf, NAMESPACE } from './deployed.ts';

const assets = findAssets();
const objects = assets === null ? [] : [...manifestsOf(assets), ...renderKustomization(assets, 'forwarder/progress')];
const titleOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
/** Kubernetes has it from 1.21 on. */
const MAY_BE_MISSING = ['policy/v1 PodDisruptionBudget'];

describe.skipIf(assets === null)('the manifests on a real API server', () => {
  let deployed: Deployed;
  let admin: TestKubeClient;

  beforeAll(async () => {
    deployed = await deploy(assets ?? '', objects);
    admin = deployed.server.admin;
  });
  afterAll(() => deployed?.stop());

  test.for(objects.map((object) => [titleOf(object), object] as const))(
    '%s is taken, and no field is dropped',
    ([title, object], { skip }) => {
      const got = deployed.applied.find(({ sent }) => sent === object)?.got ?? null;
      const name = `${object.apiVersion} ${object.kind}`;
      if (got === null && MAY_BE_MISSING.includes(name)) skip(`${title} is left out: this server has no ${name}`);
      expect(got).not.toBeNull();
      // toMatchObject: the server adds defaults, and takes nothing away.
      expect(got).toMatchObject(object);
    },
  );

  test('the pod that the Deployment makes is taken too, also where the namespace is held to its restrictions', async () => {
    const { metadata, spec } = podTemplateOf(findDeployment(objects));
    const pod = { ...metadata, name: 'hostview-forwarder-7d9f-abcde', namespace: NAMESPACE };
    const created = await admin.create(TEST_RESOURCES.pods, { metadata: pod, spec });
    expect(created).toMatchObject({ metadata: pod, spec });
    const { securityContext } = spec.containers[0];
    const lax = [{ ...spec.containers[0], name: 'lax', securityContext: { ...securityContext, allowPrivilegeEscalation: true } }];
    const { gitVersion } = JSON.parse(await admin.getText('/version')) as { gitVersion: string };
    const creation = admin.create(TEST_RESOURCES.pods, {
      metadata: { name: 'lax', namespace: NAMESPACE },
      spec: { ...spec, containers: lax },
    });
    // Pod Security came with 1.23, switched on.
    if (Number(/^v1\.(\d+)/.exec(gitVersion)?.[1]) >= 23) await expect(creation).rejects.toThrow('PodSecurity');
    else await creation;
  });
});
