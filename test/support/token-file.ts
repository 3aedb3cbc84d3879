/** A kubeconfig whose token is in a file, as in a pod. */
import { stringify } from 'yaml';

/** client-node's form of it, the one that it uses in a pod. */
export function tokenFileKubeConfig(url: string, ca: string, tokenFile: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'test', user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
