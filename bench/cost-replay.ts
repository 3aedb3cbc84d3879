/** Plays a recording to the edge, as fast as it is taken, and says what that took; and what a room that has slept costs. */
import { setTimeout as pause } from 'node:timers/promises';
import { UPLINK_BURST_COUNT, UPLINK_RATE_PER_S } from '../core/limits.ts';
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import type { BatchAnswer, SessionOpened } from '../core/uplink.ts';
import type { CostEdge, RoomCounters, Uplink } from './cost-edge.ts';
import type { RecordedPost, Recording } from './cost-recording.ts';
import { openCountingViewers } from './cost-viewers.ts';

export interface Replayed {
  readonly viewers: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Of all requests, one after the other, and until the last viewer had the last frame. */
  readonly handlerSeconds: number;
  /** Of workerd: Worker, room, network and disk. */
  readonly cpuMs: number;
  readonly events: number;
  readonly bytes: number;
  readonly frames: number;
  readonly openedMs: readonly number[];
}

const CATCH_UP_MS = 30_000;
const MS_PER_S = 1_000;

export async function replay(edge: CostEdge, recording: Recording, viewers: number): Promise<Replayed> {
  const cluster = `${recording.head.name}-${viewers}`;
  const uplink = await edge.join(cluster);
  const { send, cursor } = await openSession(uplink);
  for (const post of recording.sync) await send(post);
  const audience = await openCountingViewers(edge.port, `/api/v1/clusters/${cluster}/stream?cursor=${cursor()}`, viewers);
  try {
    const before = await countersOf(edge, cluster);
    const cpuBefore = await edge.cpuMs();
    const startedAt = performance.now();
    let tookMs = 0;
    for (const [index, post] of recording.hour.entries()) {
      // The room takes no more at once.
      const earliest = startedAt + ((index - UPLINK_BURST_COUNT / 2) / (UPLINK_RATE_PER_S * 0.9)) * MS_PER_S;
      if (performance.now() < earliest) await pause(earliest - performance.now());
      tookMs += await send(post);
    }
    const sentAt = performance.now();
    await audience.reach(viewers === 0 ? '' : cursor(), CATCH_UP_MS);
    tookMs += performance.now() - sentAt;
    const cpuMs = (await edge.cpuMs()) - cpuBefore;
    const after = await countersOf(edge, cluster);
    if (after.wokeAt !== before.wokeAt) throw new Error('the room has slept during the replay: its counters began anew');
    const frames = after.revision - before.revision;
    return {
      viewers,
      // The counters themselves read all entities, where a frame has come since.
      rowsRead: after.rowsRead - before.rowsRead - (frames === 0 ? 0 : after.entities),
      rowsWritten: after.rowsWritten - before.rowsWritten,
      handlerSeconds: tookMs / MS_PER_S,
      cpuMs,
      events: audience.events,
      bytes: audience.bytes,
      frames,
      openedMs: audience.openedMs,
    };
  } finally {
    audience.close();
  }
}

async function openSession(uplink: Uplink) {
  const opening = { protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-kube-system', forwarder: 'benchmark' };
  const { session } = JSON.parse((await uplink.post('sessions', opening)).text) as SessionOpened;
  let cursor = '';
  return {
    cursor: () => cursor,
    /** How long it took, milliseconds. */
    send: async ({ path, body }: RecordedPost): Promise<number> => {
      const { text, tookMs } = await uplink.post(path, { ...body, session });
      if (path !== 'batches') return tookMs;
      const answer = JSON.parse(text) as BatchAnswer;
      if (answer.resync) throw new Error('the room has another digest than the recording: make it anew (node bench/cost-record.ts)');
      cursor = answer.cursor ?? cursor;
      return tookMs;
    },
  };
}

async function countersOf(edge: CostEdge, cluster: string): Promise<RoomCounters> {
  const counters = (await edge.counters()).get(cluster);
  if (counters === undefined) throw new Error(`there is no room of ${cluster}`);
  return counters;
}

export interface SleepFacts {
  /** Rows that a room reads that was asleep, besides what is asked of it. */
  readonly wakeRows: number;
  readonly snapshotRows: number;
  readonly connectRows: number;
  /** A heartbeat's, without the waking. */
  readonly heartbeatRows: { readonly read: number; readonly written: number };
  readonly snapshotMs: number;
  readonly connectMs: number;
}

/** An object may sleep after ten seconds; workerd looks now and then. */
const ASLEEP_AFTER_MS = 16_000;

/** Four rooms fall asleep; three are woken, each by something else, and the counters wake the fourth. */
export async function measureSleep(edge: CostEdge, { sync, hour }: Recording): Promise<SleepFacts> {
  const heartbeat = hour.find((post) => post.path === 'batches' && post.body.kind === 'heartbeat');
  const [first] = hour.filter(({ path }) => path === 'batches');
  const last = sync.at(-1);
  if (heartbeat?.path !== 'batches' || first === undefined || last?.path !== 'batches') throw new Error('the recording has no heartbeat');
  const names = ['slept-heartbeat', 'slept-snapshot', 'slept-connect', 'slept'] as const;
  const sessions = new Map<string, Awaited<ReturnType<typeof openSession>>>();
  for (const name of names) {
    const session = await openSession(await edge.join(name));
    for (const post of sync) await session.send(post);
    sessions.set(name, session);
  }
  const before = await edge.counters();
  await pause(ASLEEP_AFTER_MS);
  const digest = (last.body as { readonly digest: string }).digest;
  await sessions
    .get(names[0])
    ?.send({ ...heartbeat, body: { ...heartbeat.body, number: sync.length + 1, digest } as typeof heartbeat.body });
  const base = '/api/v1/clusters';
  const { tookMs: snapshotMs } = await edge.get(`${base}/${names[1]}`);
  const viewer = await openCountingViewers(edge.port, `${base}/${names[2]}/stream?cursor=${sessions.get(names[2])?.cursor()}`, 1);
  const after = await edge.counters();
  viewer.close();
  const read = (name: string): number => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === undefined || is === undefined || is.wokeAt === was.wokeAt) throw new Error(`${name} has not slept`);
    return is.rowsRead;
  };
  const entities = after.get('slept')?.entities ?? 0;
  const wakeRows = read('slept') - entities;
  return {
    wakeRows,
    // The counters find the entities there, and read them else.
    snapshotRows: read('slept-snapshot') - wakeRows,
    connectRows: read('slept-connect') - read('slept'),
    heartbeatRows: { read: read('slept-heartbeat') - read('slept'), written: after.get('slept-heartbeat')?.rowsWritten ?? 0 },
    snapshotMs,
    connectMs: viewer.openedMs[0] ?? 0,
  };
}

/** CPU time of workerd for a request that goes through the Worker to the room and back, and stores nothing. */
export async function measureRequest(edge: CostEdge, count: number): Promise<number> {
  const uplink = await edge.join('asked');
  const ask = (): Promise<unknown> => uplink.get(`uplink?protocol=${PROTOCOL_VERSION}&clusterUid=uid`);
  for (let index = 0; index < count / 4; index++) await ask();
  const before = await edge.cpuMs();
  for (let index = 0; index < count; index++) await ask();
  return ((await edge.cpuMs()) - before) / count;
}
