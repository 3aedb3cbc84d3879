/** Viewers that read when they like, against an oracle: whatever the timing each ends with what the room has (SPEC D2, D3, D4). */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Pulse, Snapshot } from '../../core/downlink.ts';
import { BRIDGE_WINDOW_BYTES, RESUME_BYTES, VIEWER_WINDOW_BYTES } from '../../core/limits.ts';
import type { Vm } from '../../core/model.ts';
import { bridgeResponse } from '../../worker/bridge.ts';
import { formatFrames, mergeFrames, type RoomFrame, roomFrame } from '../../worker/room-frames.ts';
import { encodeText, formatEvent } from '../../worker/sse.ts';
import { Viewers, type Way } from '../../worker/viewers.ts';
import type { ClusterRoom } from '../../worker/worker.ts';
import { Random } from './simulation/random.ts';
import { freshName, roomOf, TestViewer, type ViewerEvent } from './support.ts';

const revisionOf = (cursor: string | null): number => Number(cursor?.split('-')[1]);

const vm = (name: string, bytes: number): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: 'host-1',
  state: 'running',
  reason: 'x'.repeat(bytes),
  migratable: { ok: true },
});

/** A viewer with the state that it shows. */
class Follower {
  readonly #viewer: TestViewer;
  #pending: Promise<ViewerEvent | null> | undefined;
  state: ClusterState;
  events = 0;

  constructor(response: Response, state: ClusterState) {
    this.#viewer = new TestViewer(response);
    this.state = state;
  }

  /** The next event, if there is one by now. */
  async readOne(): Promise<void> {
    this.#pending ??= this.#viewer.next();
    const event = await Promise.race([this.#pending, scheduler.wait(2).then(() => 'nothing' as const)]);
    if (event === 'nothing') return;
    this.#pending = undefined;
    this.events += 1;
    if (event === null) throw new Error('the stream has ended');
    if (event.event === 'snapshot') this.state = stateOf(event.data as Snapshot);
    else if (event.event === 'frame') expect(applyFrame(this.state, event.data as Frame)).toMatchObject({ ok: true });
    // No pulse names a cursor whose frame still waits.
    else expect(revisionOf((event.data as Pulse).cursor)).toBeLessThanOrEqual(revisionOf(this.state.cursor));
  }
}

class Story {
  readonly #random: Random;
  readonly #way: Way;
  readonly #viewers: Viewers<RoomFrame>;
  readonly #room = stateOf({ cursor: 'e-1', digest: '0', hosts: [], vms: [] });
  readonly followers: Follower[] = [];

  constructor(ctx: DurableObjectState, room: ClusterRoom, way: Way, seed: number) {
    this.#random = new Random(seed);
    this.#way = way;
    this.#viewers = new Viewers<RoomFrame>({
      ctx,
      now: Date.now,
      random: () => 0.5,
      pulse: () => ({ cursor: this.#room.cursor, now: 0, lastHeard: null }),
      merge: mergeFrames,
      format: formatFrames,
      snapshot: () => [this.#snapshot()],
    });
    room.webSocketMessage = (socket, message) => this.#viewers.noteSaid(socket, String(message));
  }

  get heldBytes(): number {
    return this.#viewers.stats.heldBytes;
  }

  async step(): Promise<void> {
    const what = this.#random.weighted({ publish: 8, read: 10, attach: 0.4, hear: 1, tell: 1, rest: 2 });
    if (what === 'attach' || this.followers.length === 0) this.attach();
    if (what === 'publish') this.publish(this.#random.pick([0, 100, 20_000, 60_000, 150_000]));
    if (what === 'hear') this.#viewers.hear();
    if (what === 'tell') this.#viewers.tell(formatEvent('progress', null, '{"cursor":"e-0"}'));
    if (what === 'rest') await scheduler.wait(this.#random.pick([1, 100]));
    // The first reads all the time, the others now and then.
    if (what === 'read') await this.#random.pick(this.followers).readOne();
    await this.followers[0]?.readOne();
  }

  attach(): void {
    const opening = this.#random.chance(0.5) ? [this.#snapshot()] : [];
    const response = this.#viewers.attach(this.#way, opening);
    const copy = { ...this.#room, hosts: new Map(this.#room.hosts), vms: new Map(this.#room.vms) };
    const { webSocket } = response;
    const body = webSocket === null ? response : bridgeResponse(webSocket, Date.now, () => 0.5);
    this.followers.push(new Follower(body, copy));
  }

  /** One reads all that there is. */
  async read(index: number): Promise<void> {
    const follower = this.followers[index];
    while (follower !== undefined && follower.state.cursor !== this.#room.cursor) await follower.readOne();
  }

  hear(): void {
    this.#viewers.hear();
  }

  /** Everybody reads what there is. */
  async settle(): Promise<void> {
    for (const index of this.followers.keys()) await this.read(index);
    for (const { state } of this.followers) expect(sorted(state)).toEqual(sorted(this.#room));
    expect(this.#viewers.stats).toMatchObject({ cutOff: 0, waitingFrames: 0 });
  }

  end(): void {
    this.#viewers.endAll();
  }

  /** A VM is changed or, without bytes, gone. */
  publish(bytes: number): void {
    const revision = revisionOf(this.#room.cursor);
    const name = this.#random.pick(['a', 'b', 'c', 'd']);
    const changed = bytes > 0 ? { vms: [vm(name, bytes)] } : { goneVms: [vm(name, 0).id] };
    const frame: Frame = { from: `e-${revision}`, to: `e-${revision + 1}`, at: 0, digest: String(revision), ...changed };
    applyFrame(this.#room, frame);
    this.#viewers.publish(roomFrame(frame.from, { to: frame.to, json: JSON.stringify(frame) }));
  }

  #snapshot(): Uint8Array {
    const { cursor, digest, hosts, vms } = this.#room;
    return encodeText(
      formatEvent('snapshot', cursor, JSON.stringify({ cursor, digest, hosts: [...hosts.values()], vms: [...vms.values()] })),
    );
  }
}

const sorted = ({ cursor, vms }: ClusterState) => ({ cursor, vms: [...vms].toSorted(([a], [b]) => a.localeCompare(b)) });

/** Makes frames wait for each other, as with many viewers. */
function addCrowd(ctx: DurableObjectState): void {
  const socket = { bufferedAmount: 0, send: () => {}, close: () => {}, serializeAttachment: () => {}, deserializeAttachment: () => null };
  const crowd = Array.from({ length: 500 }, () => ({ ...socket }) as unknown as WebSocket);
  const real = ctx.getWebSockets.bind(ctx);
  ctx.getWebSockets = () => [...real(), ...crowd];
}

describe.each<Way>(['direct', 'bridge'])('D4: viewers that are behind, %s', (way) => {
  test.each([1, 2, 3, 4])('get everything up to the head, whenever they read (story %i)', (seed) =>
    runInDurableObject(roomOf(freshName()), async (room: ClusterRoom, ctx) => {
      if (seed % 2 === 0) addCrowd(ctx);
      const story = new Story(ctx, room, way, seed);
      story.attach();
      for (let step = 0; step < 120; step++) await story.step();
      await story.settle();
      story.end();
    }),
  );
});

/** One viewer that reads what is published, and others that do not. */
const withIdle = (idle: number, check: (story: Story, ctx: DurableObjectState) => Promise<void>, way: Way = 'direct'): Promise<void> =>
  runInDurableObject(roomOf(freshName()), async (room: ClusterRoom, ctx) => {
    const story = new Story(ctx, room, way, 9);
    for (let count = 0; count <= idle; count++) story.attach();
    await check(story, ctx);
    await story.settle();
    story.end();
  });
const FRAME_BYTES = VIEWER_WINDOW_BYTES - 5_000;

test('D4: what waits for one that does not read is bounded by its window and one frame', () =>
  withIdle(1, async (story) => {
    for (let count = 0; count < 30; count++) {
      story.publish(FRAME_BYTES);
      await story.read(0);
    }
    // And what the other one has under way.
    expect(story.heldBytes).toBeLessThan(3 * VIEWER_WINDOW_BYTES);
  }));

test('D4: of several that are equally far behind each gets what there is when it reads', () =>
  withIdle(2, async (story) => {
    for (const reader of [1, 2]) {
      for (let count = 0; count < 4; count++) {
        story.publish(FRAME_BYTES);
        await story.read(0);
      }
      await story.read(reader);
    }
    story.publish(100);
  }));

test('D4: one that needs a snapshot while frames wait is sent none of these again', () =>
  withIdle(
    1,
    async (story, ctx) => {
      const isAnyBehind = () => ctx.getWebSockets().some((socket) => socket.deserializeAttachment()?.isBehind);
      addCrowd(ctx);
      while (!isAnyBehind()) {
        story.publish(BRIDGE_WINDOW_BYTES.most);
        story.hear();
        await story.read(0);
      }
      story.publish(RESUME_BYTES);
      story.hear();
      story.publish(100);
      await story.read(1);
      story.publish(100);
      story.hear();
    },
    'bridge',
  ));
