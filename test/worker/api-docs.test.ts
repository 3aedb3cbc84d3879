/** docs/api.md names every code with its status, every metric, and the limits as they are. */
import { expect, test } from 'vitest';
import * as limits from '../../core/limits.ts';
import page from '../../docs/api.md?raw';
import { composeMetrics } from '../../worker/metrics.ts';
import { PROBLEM_CODES, statusOf } from '../../worker/problem.ts';

const rows = page.split('\n').filter((line) => line.startsWith('| '));

test('codes, with their status', () => {
  for (const code of PROBLEM_CODES) {
    const row = rows.find((line) => line.startsWith(`| ${statusOf(code)} |`)) ?? '';
    expect(row, code).toContain(`\`${code}\``);
  }
});

test('metrics, with their labels', () => {
  const counts = { batches: 1, unknownFields: 1, viewerDrifts: 1, refused: { gap: 1 } };
  const cluster = { lastHeard: 1, revision: 1, hosts: 1, vms: 1, transits: 1, drifts: 1, counts };
  const viewers = { direct: 0, bridge: 0 };
  const room = {
    viewers,
    waitingFrames: 0,
    heldBytes: 0,
    cutOff: 0,
    recycled: 0,
    constructedAt: 1,
    rowsRead: 1,
    rowsWritten: 1,
    storedBytes: 1,
  };
  const view = {
    rooms: [{ cluster: 'a', stats: { ...room, cluster } }],
    fleet: { shares: 0, viewers },
    requests: [{ method: 'GET', route: '/', status: '2xx', count: 1 }],
  };
  for (const { name, samples } of composeMetrics(view)) {
    const row = rows.find((line) => line.includes(`\`${name}\``)) ?? '';
    expect(row.split('|')[2]?.trim(), name).toBe(Object.keys(samples[0]?.labels ?? {}).join(', '));
  }
});

test('limits', () => {
  const text = (count: number): string => count.toLocaleString('en-US');
  const told: readonly (readonly [string, readonly number[]])[] = [
    ['its nesting', [limits.MAX_DEPTH]],
    ['entities in one batch', [limits.MAX_ENTITIES_PER_BATCH_COUNT]],
    ['parts of a sync', [limits.MAX_SYNC_PART_COUNT]],
    ['requests of one', [limits.UPLINK_RATE_PER_S, limits.UPLINK_BURST_COUNT]],
    ['bodies of it', [limits.MAX_BODIES_AT_ONCE_COUNT]],
    ['how long a body', [limits.BODY_READ_MS / 1_000]],
    ['VMs, hosts', [limits.MAX_VMS_PER_CLUSTER_COUNT, limits.MAX_HOSTS_PER_CLUSTER_COUNT]],
    ['viewers of a cluster', [limits.MAX_VIEWERS_PER_CLUSTER_COUNT]],
    ['clusters, share links', [limits.MAX_CLUSTERS_COUNT]],
    ['clusters, share links', [limits.MAX_SHARES_COUNT]],
    ['names', [limits.MAX_LABEL_CHARS, limits.MAX_NAME_CHARS, limits.MAX_UID_CHARS]],
    ['texts', [limits.MAX_TEXT_CHARS]],
    ['lists', [limits.MAX_LIST_COUNT]],
  ];
  for (const [what, numbers] of told) {
    const row = rows.find((line) => line.startsWith(`| ${what}`)) ?? '';
    for (const number of numbers) expect(row.split(' | ')[1], what).toContain(text(number));
  }
});
