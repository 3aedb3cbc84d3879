/** `--once`: when it waits, when it gives up, and what it tells. The program around it: main.test.ts. */
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FactKind } from '../../core/facts.ts';
import type { KindStatus } from '../../forwarder/cluster-watch.ts';
import { createKubeClient } from '../../forwarder/kube-client.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { findLastingFailure, formatTimeout, ONCE_TIMEOUT_MS, takePicture } from '../../forwarder/once.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import { ManualClock } from './manual-clock.ts';

const good: KindStatus = { isWatching: true, isWithheld: false, problem: null, isLasting: false };
const statuses =
  (some: Partial<Record<FactKind, Partial<KindStatus>>>) =>
  (kind: FactKind): KindStatus => ({ ...good, ...some[kind] });
const failing = { isWatching: false, problem: 'not allowed to list nodes', isLasting: true };

describe('giving up', () => {
  test.each<[string, Partial<Record<FactKind, Partial<KindStatus>>>, string | null]>([
    ['all is well', {}, null],
    ['a right is missing', { host: failing }, 'not allowed to list nodes'],
    ['a server that asks to slow down', { host: { ...failing, isLasting: false } }, null],
    ['an optional kind is absent', { pod: { ...failing, isWithheld: true } }, null],
  ])('%s', (_what, some, expected) => {
    expect(findLastingFailure(statuses(some))).toBe(expected);
  });

  test('what did not come is named, with the reason', () => {
    const text = formatTimeout(statuses({ host: { ...failing, isLasting: false }, pod: { isWatching: false } }));
    expect(text).toBe('no whole picture within 60 s: nodes, pods did not come; not allowed to list nodes');
    expect(formatTimeout(statuses({ vm: { isWatching: false } }))).toMatch(/: virtualmachines\.kubevirt\.io did not come$/);
  });
});

describe('against a cluster', () => {
  let cluster: Cluster;
  let served: ServedCluster;
  let stopping: AbortController;
  let clock: ManualClock;
  const log = createLog({ level: 'error', format: 'text', write: () => {}, now: () => new Date() });

  beforeEach(async () => {
    cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
    served = await serveCluster(cluster);
    stopping = new AbortController();
    clock = new ManualClock();
  });
  afterEach(() => served.close());

  const take = async (kubeconfig: string, vmLabels?: readonly string[]): ReturnType<typeof takePicture> => {
    const parsed = parseKubeConfig(kubeconfig, 'kubeconfig');
    const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
    if (!chosen.ok) throw new Error(chosen.error);
    const client = createKubeClient(chosen.value);
    try {
      return await takePicture({ client, log, clock, random: () => 0.5, ...(vmLabels !== undefined && { vmLabels }) }, stopping.signal);
    } finally {
      client.close();
    }
  };

  test('everything, in order', async () => {
    const picture = await take(served.kubeconfig);
    if (!picture.ok) throw new Error(String(picture.error));
    const ids = picture.value.vms.map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(ids).toEqual([...ids].sort());
    expect(picture.value.hosts.map(({ name }) => name)).toEqual(['harv-1', 'harv-2', 'harv-3']);
    expect(picture.value.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(picture.value).toMatchObject({ without: [], malformed: { refused: 0, odd: 0 } });
  });

  test('with the labels that were asked for, and no others', async () => {
    const labelsOf = async (vmLabels?: readonly string[]): Promise<unknown[]> => {
      const picture = await take(served.kubeconfig, vmLabels);
      return picture.ok ? picture.value.vms.flatMap(({ id, labels }) => (labels === undefined ? [] : [[id, labels]])) : [picture.error];
    };
    expect(await labelsOf()).toEqual([]);
    const told = await labelsOf(['app', 'tier']);
    expect(told).toHaveLength(7);
    expect(told).toContainEqual(['default/ubuntu-web-1', { app: 'web', tier: 'production' }]);
    expect(told).toContainEqual(['staging/ubuntu-web-1', { app: 'web', tier: 'staging' }]);
  });

  test('what is optional and absent is named, with the reason', async () => {
    cluster.faults.forbid('*', 'pods');
    cluster.faults.withoutKind('upgrades');
    const picture = await take(served.kubeconfig);
    expect(picture).toMatchObject({
      ok: true,
      value: {
        without: [
          { resource: 'pods', reason: expect.stringMatching(/^not allowed to (list|watch) pods/) },
          { resource: 'upgrades.harvesterhci.io', reason: expect.stringContaining('404') },
        ],
      },
    });
  });

  test('a right that is missing ends it at once; KubeVirt too', async () => {
    cluster.faults.forbid('*', 'nodes');
    expect(await take(served.kubeconfig)).toEqual({ ok: false, error: expect.stringMatching(/^not allowed to (list|watch) nodes/) });
    cluster.faults.withoutKind('virtualmachineinstances');
    const other = await take(served.kubeconfig);
    expect(other.ok).toBe(false);
  });

  test('what may pass is tried again', async () => {
    cluster.faults.failNext(2, 503, { kind: 'nodes' });
    const taking = take(served.kubeconfig);
    for (let turn = 0; turn < 2; turn += 1) clock.advance(await clock.untilWaiting((delayMs) => delayMs < 5_000));
    expect(await taking).toMatchObject({ ok: true, value: { hosts: [{ name: 'harv-1' }, {}, {}] } });
  });

  test('a server that never answers is waited for as long as is said, and no longer', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const asked = new Promise((resolve) => silent.once('request', resolve));
    const taking = take(served.kubeconfig.replace(served.url, `http://127.0.0.1:${port}`));
    await asked;
    clock.advance(ONCE_TIMEOUT_MS);
    expect(await taking).toEqual({ ok: false, error: expect.stringMatching(/^no whole picture within 60 s: nodes, /) });
    silent.closeAllConnections();
    silent.close();
  });

  test('a signal ends it', async () => {
    stopping.abort();
    expect(await take(served.kubeconfig)).toEqual({ ok: false, error: null });
  });
});
