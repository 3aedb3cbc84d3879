/** Objects that change at a given rate, for the forwarder's benchmark: with news in them, or without. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { TEST_RESOURCES, type TestKubeClient } from '../test/support/kube-client.ts';
import type { LargeCluster } from './forwarder-cluster.ts';

export interface ChurnOptions {
  /** Objects a second. */
  readonly rate: number;
  readonly seconds: number;
  /** How many of ten changes say nothing new: heartbeats of hosts, and fields of instances that the model does not have. */
  readonly noiseOfTen: number;
}

const TICK_MS = 50;
const MAX_UNDER_WAY_COUNT = 200;

/** How many changes the server took. It may take fewer than asked for; the rate is what it took. */
export async function churn(client: TestKubeClient, cluster: LargeCluster, { rate, seconds, noiseOfTen }: ChurnOptions): Promise<number> {
  const startedAt = performance.now();
  let made = 0;
  let underWay = 0;
  const running = new Set<Promise<void>>();
  for (;;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= seconds * 1_000) break;
    while (made < (elapsedMs / 1_000) * rate && underWay < MAX_UNDER_WAY_COUNT) {
      const turn = made++;
      underWay += 1;
      const writing = change(client, cluster, turn, turn % 10 < noiseOfTen).finally(() => {
        underWay -= 1;
        running.delete(writing);
      });
      running.add(writing);
    }
    await pause(TICK_MS);
  }
  await Promise.all(running);
  return made;
}

function change(client: TestKubeClient, cluster: LargeCluster, turn: number, isNoise: boolean): Promise<void> {
  if (isNoise && turn % 2 === 0) return beat(client, cluster.hosts[(turn * 7) % cluster.hosts.length] ?? '');
  const instance = cluster.instances[(turn * 7_919) % cluster.instances.length];
  if (instance === undefined) throw new Error('the cluster has no VM that runs');
  const news = { status: { conditions: readiness(turn) } };
  const noise = { metadata: { annotations: { 'example.com/turn': String(turn) } } };
  return client.patch(TEST_RESOURCES.virtualmachineinstances, instance, isNoise ? noise : news).then(() => {});
}

/** What a kubelet reports when nothing has changed. */
async function beat(client: TestKubeClient, name: string): Promise<void> {
  const now = new Date().toISOString();
  const node = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: now,
  };
  await client.patchStatus(TEST_RESOURCES.nodes, { name }, { status: { conditions: [node] } });
}

/** Each time round another one, so that every change is news. */
const readiness = (turn: number): readonly unknown[] => [
  { type: 'Ready', status: Math.floor(turn / 2) % 2 === 0 ? 'True' : 'False' },
  { type: 'LiveMigratable', status: 'True' },
];
