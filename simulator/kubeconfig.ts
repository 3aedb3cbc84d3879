/** A kubeconfig for a served cluster, as YAML text. */

export interface KubeconfigInput {
  readonly clusterName: string;
  readonly url: string;
  readonly token?: string;
}

/** Every value goes in as a JSON string, which is also a YAML string, so no name can change the shape. */
export function formatKubeconfig({ clusterName, url, token }: KubeconfigInput): string {
  const name = JSON.stringify(clusterName);
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${name}`,
    `  cluster: { server: ${JSON.stringify(url)} }`,
    'users:',
    `- name: ${name}`,
    token === undefined ? '  user: {}' : `  user: { token: ${JSON.stringify(token)} }`,
    'contexts:',
    `- name: ${name}`,
    `  context: { cluster: ${name}, user: ${name} }`,
    `current-context: ${name}`,
    '',
  ].join('\n');
}
