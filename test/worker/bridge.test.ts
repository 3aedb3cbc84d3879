import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PING_INTERVAL_MS } from '../../core/limits.ts';
import { bridgeResponse } from '../../worker/bridge.ts';
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
  return { viewer: new TestViewer(bridgeResponse(worker, () => clock.now)), room, heard, clock };
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

  test('the viewer’s leaving closes the socket and stops the pings', async () => {
    const { viewer, room, heard } = openBridge();
    const closed = new Promise((resolve) => room.addEventListener('close', resolve));
    await viewer.close();
    await closed;
    expect(vi.getTimerCount()).toBe(0);
    expect(heard).toEqual([]);
  });
});
