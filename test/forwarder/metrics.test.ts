/** What Prometheus reads: names, units, labels from closed lists, and the numbers that were told. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeFailure } from '../../forwarder/kube-failure.ts';
import { causeOf, createMetrics, type Metrics, type MetricsView } from '../../forwarder/metrics.ts';
import { metricsViewOf } from '../../forwarder/operations.ts';
import { KINDS, mapKinds } from '../../forwarder/projector.ts';
import { UPLINK_OUTCOMES } from '../../forwarder/uplink-outcome.ts';

let view: MetricsView;
let now: number;
let metrics: Metrics;

beforeEach(() => {
  now = 5_000;
  view = {
    kinds: mapKinds((kind) => ({ isWatching: kind !== 'pod', isWithheld: kind === 'pod' })),
    hosts: 3,
    vms: 12,
    transits: 2,
    odd: 1,
    uplink: { phase: 'live', session: 7, isSynced: true, finishedCount: 4 },
    lease: { isLeading: true, termCount: 2 },
  };
  metrics = createMetrics({ version: '1.2.3', view: () => view, now: () => now });
});

/** The samples whose names begin so, without the prefix. */
const samples = async (name: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await metrics.render())
      .split('\n')
      .filter((line) => line.startsWith(`hostview_forwarder_${name}`))
      .map((line) => [line.slice('hostview_forwarder_'.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

describe('what is counted', () => {
  test('lists, watches and events, by kind', async () => {
    const { telemetry } = metrics;
    telemetry.listed('vmi', 'pages', 12);
    telemetry.listed('vmi', 'stream', 13);
    telemetry.watchOpened('vmi');
    telemetry.watchOpened('vmi');
    telemetry.heard('vmi', 'set');
    telemetry.heard('vmi', 'set');
    now = 8_500;
    telemetry.heard('vmi', 'bookmark');
    telemetry.refused('vm');
    expect(await samples('lists_total')).toEqual({ 'lists_total{kind="vmi",how="pages"}': 1, 'lists_total{kind="vmi",how="stream"}': 1 });
    expect(await samples('listed_objects_total')).toEqual({ 'listed_objects_total{kind="vmi"}': 25 });
    expect(await samples('watch_events_total')).toEqual({
      'watch_events_total{kind="vmi",type="set"}': 2,
      'watch_events_total{kind="vmi",type="bookmark"}': 1,
    });
    expect(await samples('watch_last_event_timestamp_seconds')).toEqual({ 'watch_last_event_timestamp_seconds{kind="vmi"}': 8.5 });
    expect((await samples('watch_starts_total'))['watch_starts_total{kind="vmi"}']).toBe(2);
    expect((await samples('objects_refused_total'))['objects_refused_total{kind="vm"}']).toBe(1);
  });

  test('requests to the edge: a repetition is not a new one; the time, with the unit', async () => {
    const { telemetry } = metrics;
    telemetry.posted('session', { wireBytes: 100, inflatedBytes: 100, isRetry: false });
    telemetry.answered('session', 'opened', 20);
    telemetry.posted('changes', { wireBytes: 1_000, inflatedBytes: 9_000, isRetry: false });
    telemetry.answered('changes', 'lost', 2_000);
    telemetry.posted('changes', { wireBytes: 1_000, inflatedBytes: 9_000, isRetry: true });
    telemetry.answered('changes', 'resync', 30);
    telemetry.drifted();
    telemetry.finishedDropped(5);
    expect(await samples('posts_total')).toEqual({ 'posts_total{what="session"}': 1, 'posts_total{what="changes"}': 1 });
    expect(await samples('post_retries_total')).toEqual({ 'post_retries_total{what="changes"}': 1 });
    expect(await samples('sent_')).toEqual({ sent_bytes_total: 2_100, sent_inflated_bytes_total: 18_100 });
    expect(await samples('answer_duration_seconds_sum')).toEqual({
      'answer_duration_seconds_sum{what="session"}': 0.02,
      'answer_duration_seconds_sum{what="batch"}': 2.03,
    });
    const answers = await samples('answers_total');
    expect(Object.keys(answers)).toHaveLength(UPLINK_OUTCOMES.length);
    expect([answers['answers_total{outcome="lost"}'], answers['answers_total{outcome="resync"}']]).toEqual([1, 1]);
    expect(answers['answers_total{outcome="superseded"}']).toBe(0);
    expect(await samples('drifts_total')).toEqual({ drifts_total: 1 });
    expect(await samples('sessions_total')).toEqual({ sessions_total: 1 });
    expect(await samples('finished_dropped_total')).toEqual({ finished_dropped_total: 5 });
  });

  test('failures, by a cause from a closed list', async () => {
    metrics.telemetry.failed('host', 'list', { kind: 'status', status: 403, message: 'not you', retryAfterMs: null });
    expect(await samples('watch_failures_total')).toEqual({ 'watch_failures_total{kind="host",verb="list",cause="403"}': 1 });
  });

  test.each<[KubeFailure, string]>([
    [{ kind: 'unreachable', reason: 'r' }, 'unreachable'],
    [{ kind: 'short-watch' }, 'short-watch'],
    [{ kind: 'status', status: 410, message: '', retryAfterMs: null }, '410'],
    [{ kind: 'status', status: 507, message: '', retryAfterMs: null }, '5xx'],
    [{ kind: 'status', status: 418, message: '', retryAfterMs: null }, 'other'],
    [{ kind: 'status', status: 99_999, message: '', retryAfterMs: null }, 'other'],
  ])('the cause of %o is %s', (failure, cause) => {
    expect(causeOf(failure)).toBe(cause);
  });
});

describe('what is so now', () => {
  test('is read when it is asked for', async () => {
    const { hosts, vms, transits } = { ...(await samples('hosts')), ...(await samples('vms')), ...(await samples('transits')) };
    expect([hosts, vms, transits]).toEqual([3, 12, 2]);
    view = { ...view, vms: 13, uplink: { ...view.uplink, phase: 'opening', session: 0 }, lease: { isLeading: false, termCount: 2 } };
    expect(await samples('vms')).toEqual({ vms: 13 });
    expect(await samples('session')).toMatchObject({ session: 0, 'session_phase{phase="opening"}': 1, 'session_phase{phase="live"}': 0 });
    expect(await samples('lease_')).toEqual({ lease_leading: 0, lease_terms: 2 });
  });

  test('each kind, the withheld ones marked', async () => {
    const watching = await samples('watching');
    expect(Object.keys(watching)).toHaveLength(KINDS.length);
    expect([watching['watching{kind="vmi"}'], watching['watching{kind="pod"}']]).toEqual([1, 0]);
    expect((await samples('withheld'))['withheld{kind="pod"}']).toBe(1);
    expect(await samples('finished_waiting')).toEqual({ finished_waiting: 4 });
    expect(await samples('objects_odd')).toEqual({ objects_odd: 1 });
    expect(await samples('build_info')).toEqual({ 'build_info{version="1.2.3"}': 1 });
  });

  test('a replica that stands by says zeros', () => {
    const standby = {
      role: 'standby',
      leaseHolder: 'a',
      leaseHeardAt: 1,
      leaseAttemptedAt: 1,
      leaseProblems: [],
      leaseWriteProblem: null,
      termCount: 0,
      forwarder: null,
    } as const;
    expect(metricsViewOf(standby)).toMatchObject({ vms: 0, uplink: { session: 0 }, lease: { isLeading: false, termCount: 0 } });
    expect(metricsViewOf({ ...standby, role: 'alone' }).lease).toBeNull();
  });
});

describe('the text', () => {
  test('has help and type for each of its own, counters end in _total, and the process tells of itself', async () => {
    const text = await metrics.render();
    const types = [...text.matchAll(/^# TYPE (hostview_forwarder_\w+) (\w+)$/gm)];
    expect(types.length).toBeGreaterThan(20);
    for (const [, name = '', type = ''] of types) {
      expect(text).toContain(`# HELP ${name} `);
      expect(name.endsWith('_total')).toBe(type === 'counter');
    }
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']) {
      expect(text).toMatch(new RegExp(`^${name} [\\d.e-]+$`, 'm'));
    }
  });

  test('two of them do not know of each other', async () => {
    const other = createMetrics({ version: '9', view: () => view, now: () => now });
    other.telemetry.drifted();
    expect(await samples('drifts_total')).toEqual({ drifts_total: 0 });
  });
});
