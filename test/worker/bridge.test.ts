import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  BRIDGE_WINDOW_BYTES,
  BRIDGES_BUFFER_BYTES,
  PING_INTERVAL_MS,
  STREAM_LIFE_LEAST_MS,
  STREAM_LIFE_SPREAD_MS,
  VIEWER_READING_MS,
} from '../../core/limits.ts';
import { bridgeResponse } from '../../worker/bridge.ts';
import { BRIDGE_CLOSE } from '../../worker/bridge-protocol.ts';
import { TestViewer, until } from './support.ts';

/** A room that is only a socket; it says nothing by itself. */
function openBridge(): { viewer: TestViewer; room: WebSocket; heard: string[]; clock: { now: number } } {
  const { 0: worker, 1: room } = new WebSocketPair();
  const clock = { now: 5_000 };
  const heard: string[] = [];
  room.addEventListener('message', ({ data }) => {
    heard.push(String(data));
  });
  room.accept();
  return {
    viewer: new TestViewer(
      bridgeResponse(
        worker,
        () => clock.now,
        () => 0.5,
      ),
    ),
    room,
    heard,
    clock,
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the Worker’s end of a bridge', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('passes bytes on as they are, wherever they were cut', async () => {
    const { viewer, room } = openBridge();
    const text = bytes('event: frame\ndata: {"name":"虚拟机 🚚"}\n\n');
    for (const byte of text) room.send(new Uint8Array([byte]));
    expect(await viewer.next()).toMatchObject({ event: 'frame', data: { name: '虚拟机 🚚' } });
    await viewer.close();
  });

  test('D3: asks the room at each ping, and adds only how much time has passed', async () => {
    const { viewer, room, heard, clock } = openBridge();
    room.send(JSON.stringify({ cursor: 'e-1', lastHeard: 900_000, now: 1_000_000 }));
    room.send(bytes('event: heard\ndata: 1\n\n'));
    expect((await viewer.next())?.event).toBe('heard');
    for (const cursor of ['e-1', 'e-2']) {
      clock.now += PING_INTERVAL_MS;
      vi.advanceTimersByTime(PING_INTERVAL_MS);
      await until(() => heard.length === (cursor === 'e-1' ? 1 : 2));
      room.send(JSON.stringify({ cursor, lastHeard: 900_000 }));
      expect(await viewer.next()).toEqual({
        event: 'ping',
        id: undefined,
        data: { cursor, lastHeard: 900_000, now: 1_000_000 + clock.now - 5_000 },
      });
    }
    expect(heard).toEqual(['ping', 'ping']);
    await viewer.close();
  });

  test('D3: a room that does not answer by the next ping is not covered up', async () => {
    const { viewer, room, heard } = openBridge();
    const closed = new Promise((resolve) => room.addEventListener('close', resolve));
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    await until(() => heard.length > 0);
    expect(heard).toEqual(['ping']);
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    expect(await viewer.next()).toBeNull();
    await closed;
  });

  test('the room’s end ends the stream', async () => {
    const { viewer, room } = openBridge();
    room.close(1012, 'come again');
    expect(await viewer.next()).toBeNull();
  });

  test('D4: a Worker that holds too much cuts off those that have much unread and do not read, and no others', async () => {
    const opening = new Uint8Array(1_048_576);
    const most = BRIDGES_BUFFER_BYTES / opening.byteLength;
    const idle = openBridge();
    const codes: number[] = [];
    const bridges = Array.from({ length: most + 8 }, () => openBridge());
    for (const { room } of bridges) {
      room.addEventListener('close', ({ code }) => codes.push(code));
      room.send(opening);
    }
    // What was sent has arrived: a message to a Worker is taken in the order of sending.
    await scheduler.wait(0);
    for (const { clock } of bridges) clock.now += VIEWER_READING_MS + 1;
    for (const { room } of bridges) room.send(bytes('event: heard\ndata: 1\n\n'));
    await until(() => codes.length >= 8);
    idle.room.send(bytes('event: heard\ndata: 1\n\n'));
    expect((await idle.viewer.next())?.event).toBe('heard');
    expect(new Set(codes)).toEqual(new Set([BRIDGE_CLOSE.cutOff]));
    // No more than it takes, and the one that was over the limit by a few bytes.
    expect(codes.length).toBeLessThanOrEqual(9);
    await Promise.all([idle, ...bridges].map(({ viewer }) => viewer.close().catch(() => {})));
  });

  test('D4: asks the room to hold back while its viewer is behind, and for what it lacks once it has read', async () => {
    const { viewer, room, heard } = openBridge();
    const frame = (text: string): Uint8Array => bytes(`event: frame\ndata: "${text}"\n\n`);
    room.send(frame('x'.repeat(BRIDGE_WINDOW_BYTES.most)));
    for (const text of ['b', 'c']) room.send(frame(text));
    await until(() => heard.length > 0);
    // The room's answer to a ping may name what this viewer was not sent (D3).
    room.send(JSON.stringify({ cursor: 'e-9', lastHeard: 1 }));
    for (const length of [BRIDGE_WINDOW_BYTES.most, 1, 1]) expect(String((await viewer.next())?.data)).toHaveLength(length);
    expect(heard).toEqual(['behind']);
    const next = viewer.next();
    await until(() => heard.length > 1);
    expect(heard).toEqual(['behind', 'ready']);
    room.send(frame('d'));
    room.send(JSON.stringify({ cursor: 'e-9', lastHeard: 1, now: 1_000, caughtUp: true }));
    expect((await next)?.data).toBe('d');
    room.send(JSON.stringify({ cursor: 'e-9', lastHeard: 1 }));
    expect(await viewer.next()).toMatchObject({ event: 'ping', data: { cursor: 'e-9' } });
    expect(heard).toEqual(['behind', 'ready']);
    await viewer.close();
  });

  test('the stream ends when its time is over, with a time to come back, and says so to the room', async () => {
    const { viewer, room, clock } = openBridge();
    const closed = new Promise<number>((resolve) => room.addEventListener('close', ({ code }) => resolve(code)));
    clock.now += STREAM_LIFE_LEAST_MS + STREAM_LIFE_SPREAD_MS;
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    expect(await viewer.next()).toBeNull();
    expect(viewer.retry).toBeGreaterThanOrEqual(1_000);
    expect(await closed).toBe(BRIDGE_CLOSE.recycled);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the viewer’s leaving closes the socket and stops the pings', async () => {
    const { viewer, room, heard } = openBridge();
    const closed = new Promise((resolve) => room.addEventListener('close', resolve));
    await viewer.close();
    await closed;
    expect(vi.getTimerCount()).toBe(0);
    expect(heard).toEqual([]);
  });
});
