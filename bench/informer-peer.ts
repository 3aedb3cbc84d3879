/**
 * What the forwarder is measured beside: the same four kinds in client-node's own informers, used as its documentation says, with an
 * informer that failed started again 5 s later. Prints `listed` once all four lists are there, and each instance's host as it learns it.
 *   node bench/informer-peer.ts KUBECONFIG
 */
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from '@kubernetes/client-node';

const RESTART_MS = 5_000;
const [file = ''] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromFile(file);
const cluster = config.getCurrentCluster();
const user = config.getCurrentUser();
// The library takes http:// only where TLS is not to be verified.
if (cluster?.server.startsWith('http:') && user !== null) config.loadFromClusterAndUser({ ...cluster, skipTLSVerify: true }, user);

const core = config.makeApiClient(CoreV1Api);
const custom = config.makeApiClient(CustomObjectsApi);
const [group, version] = ['kubevirt.io', 'v1'];
const INSTANCES = 'virtualmachineinstances';
type List = () => Promise<KubernetesListObject<KubernetesObject>>;
const kinds: readonly (readonly [path: string, list: List])[] = [
  ['/api/v1/nodes', () => core.listNode()],
  ...['virtualmachines', INSTANCES, 'virtualmachineinstancemigrations'].map((plural) => {
    const list: List = () => custom.listClusterCustomObject({ group, version, plural });
    return [`/apis/${group}/${version}/${plural}`, list] as const;
  }),
];
let listed = 0;

for (const [path, list] of kinds) {
  let isListed = false;
  const informer = makeInformer(config, path, list);
  if (path.endsWith(INSTANCES)) {
    const tell = (object: KubernetesObject): void => {
      const { status } = object as { status?: { nodeName?: string } };
      process.stdout.write(`${object.metadata?.name} ${status?.nodeName ?? '-'}\n`);
    };
    informer.on('add', tell);
    informer.on('update', tell);
  }
  const again = (): void => void setTimeout(start, RESTART_MS);
  const start = (): void => {
    informer.start().then(() => {
      if (isListed) return;
      isListed = true;
      listed += 1;
      if (listed === kinds.length) process.stdout.write('listed\n');
    }, again);
  };
  informer.on('error', again);
  start();
}
