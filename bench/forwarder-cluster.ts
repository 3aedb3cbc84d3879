/** A large cluster on a real API server, for the forwarder's benchmark: objects of the size that real ones have. */
import { randomBytes } from 'node:crypto';
import { createVirtualClock } from '../simulator/clock.ts';
import { createCluster } from '../simulator/cluster.ts';
import { inParallel } from '../test/support/in-parallel.ts';
import { type KubeObject, type ResourcePath, TEST_RESOURCES, type TestKubeClient } from '../test/support/kube-client.ts';

/** Of a VM and of a VMI, as the server sends them: spec, status and managedFields of a guest with a few disks and cloud-init. */
const OBJECT_BYTES = 8_192;
const PARALLEL_COUNT = 24;

export interface LargeCluster {
  readonly hosts: readonly string[];
  /** Of running VMs. */
  readonly instances: readonly { readonly name: string; readonly namespace: string }[];
  readonly objectCount: number;
  /** Mean of a VM and of a VMI as the server sends them. */
  readonly objectBytes: number;
}

/** `progress`: told how many objects of how many are there. */
export async function createLargeCluster(
  client: TestKubeClient,
  { vms, hosts }: { readonly vms: number; readonly hosts: number },
  progress: (done: number, all: number) => void,
): Promise<LargeCluster> {
  const cluster = createCluster({ vms, hosts, clock: createVirtualClock(), runId: 'bench' });
  const kinds = ['nodes', 'virtualmachines', 'virtualmachineinstances'] as const;
  const all = kinds.reduce((sum, kind) => sum + cluster.list(kind).length, 0);
  const namespaces = new Set(cluster.list('virtualmachines').map(({ metadata }) => metadata.namespace ?? ''));
  for (const name of namespaces) {
    if ((await client.find(TEST_RESOURCES.namespaces, name)) === undefined)
      await client.create(TEST_RESOURCES.namespaces, { metadata: { name } });
  }
  let done = 0;
  let bytes = 0;
  for (const kind of kinds) {
    const path: ResourcePath = TEST_RESOURCES[kind];
    const objects = cluster.list(kind) as unknown as readonly KubeObject[];
    let padding = 0;
    const write = async (object: KubeObject): Promise<number> => {
      const made = await client.create(path, withPadding(kind, object, padding));
      done += 1;
      if (done % 500 === 0) progress(done, all);
      return JSON.stringify(made).length;
    };
    const [first, ...others] = objects;
    if (first === undefined) continue;
    // What the server adds (managedFields) depends on the object, so the first one says how much is missing.
    padding = Math.max(0, OBJECT_BYTES - (await write(first)));
    const sizes = await inParallel(others, PARALLEL_COUNT, write);
    if (kind !== 'nodes') bytes += sizes.reduce((sum, size) => sum + size, 0) / sizes.length / 2;
  }
  progress(all, all);
  const running = cluster.list('virtualmachineinstances').filter(({ status }) => status.phase === 'Running');
  return {
    hosts: cluster.list('nodes').map(({ metadata }) => metadata.name),
    instances: running.map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? '' })),
    objectCount: all,
    objectBytes: Math.round(bytes),
  };
}

/** Cloud-init's user data in a VM and its instance, images in a Node: what makes real ones large, and different in each. */
function withPadding(kind: string, object: KubeObject, bytes: number): KubeObject {
  if (bytes === 0) return object;
  const text = randomBytes(Math.ceil((bytes * 3) / 4))
    .toString('base64')
    .slice(0, bytes);
  if (kind === 'nodes') {
    const status = { ...(object.status as object), images: [{ names: [text], sizeBytes: 1 }] };
    return { ...object, status };
  }
  const copy = structuredClone(object) as { spec?: { template?: { spec?: Guest } } & Guest };
  const guest = kind === 'virtualmachines' ? copy.spec?.template?.spec : copy.spec;
  if (guest === undefined) throw new Error(`a ${kind} without a guest`);
  guest.volumes = [...(guest.volumes ?? []), { name: 'bench-cloudinit', cloudInitNoCloud: { userData: text } }];
  return copy as unknown as KubeObject;
}

interface Guest {
  volumes?: unknown[];
}
