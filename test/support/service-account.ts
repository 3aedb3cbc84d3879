/** A service account whose tokens can be revoked, as a pod has one: each token is bound to a Secret and ends with it. */
import { type ResourcePath, TEST_RESOURCES, type TestKubeClient } from './kube-client.ts';

const NAMESPACE = 'default';
const SERVICE_ACCOUNTS: ResourcePath = { api: '/api/v1', plural: 'serviceaccounts', hasStatus: false };
const SECRETS: ResourcePath = { api: '/api/v1', plural: 'secrets', hasStatus: false };

export interface RevocableToken {
  readonly token: string;
  revoke(): Promise<void>;
}

/** Makes the account and gives it the ClusterRole. */
export async function createServiceAccount(admin: TestKubeClient, name: string, role: string): Promise<void> {
  await admin.create(SERVICE_ACCOUNTS, { metadata: { name, namespace: NAMESPACE } });
  await admin.create(TEST_RESOURCES.clusterrolebindings, {
    metadata: { name: `${role}-${name}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }],
  });
}

/** `binding`: the name of the Secret; another one for each token. */
export async function issueToken(admin: TestKubeClient, account: string, binding: string): Promise<RevocableToken> {
  const secret = await admin.create(SECRETS, { metadata: { name: binding, namespace: NAMESPACE } });
  const tokens: ResourcePath = { api: SERVICE_ACCOUNTS.api, plural: `serviceaccounts/${account}/token`, hasStatus: false };
  const request = await admin.create(tokens, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name: account, namespace: NAMESPACE },
    spec: {
      audiences: ['https://kubernetes.default.svc'],
      boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: binding, uid: secret.metadata.uid },
    },
  });
  const { token } = request.status as { token: string };
  return { token, revoke: async () => void (await admin.delete(SECRETS, binding, NAMESPACE)) };
}
