import { describe, expect, test, vi } from 'vitest';
import { VIEWER_BUFFER_BYTES, VIEWER_STALL_MS } from '../../core/limits.ts';
import { type EventStream, openEventStream } from '../../worker/event-stream.ts';

function open(): { stream: EventStream; onOver: ReturnType<typeof vi.fn<() => void>>; clock: { now: number } } {
  const clock = { now: 0 };
  const onOver = vi.fn<() => void>();
  return { stream: openEventStream({ now: () => clock.now, onOver }), onOver, clock };
}

const MEBIBYTE = new Uint8Array(1_048_576);

describe('a viewer’s stream', () => {
  test('gives what was written, in order, and ends', async () => {
    const { stream, onOver } = open();
    stream.write(new TextEncoder().encode('a'));
    stream.write(new TextEncoder().encode('b'));
    stream.end();
    expect(await new Response(stream.readable).text()).toBe('ab');
    expect(onOver).toHaveBeenCalledOnce();
  });

  test('D4: ends with an error where the unread pass the limit, once', async () => {
    const { stream, onOver } = open();
    const writes = VIEWER_BUFFER_BYTES / MEBIBYTE.byteLength + 1;
    for (let write = 0; write < writes; write++) stream.write(MEBIBYTE);
    expect(onOver).not.toHaveBeenCalled();
    stream.write(MEBIBYTE);
    expect(onOver).toHaveBeenCalledOnce();
    stream.write(MEBIBYTE);
    stream.end();
    expect(onOver).toHaveBeenCalledOnce();
    await expect(stream.readable.getReader().read()).rejects.toThrow();
  });

  test('D4: one write larger than the limit is not a backlog', async () => {
    const { stream, onOver } = open();
    stream.write(new Uint8Array(VIEWER_BUFFER_BYTES + 1));
    const reader = stream.readable.getReader();
    await reader.read();
    stream.write(MEBIBYTE);
    expect(onOver).not.toHaveBeenCalled();
    await reader.cancel();
  });

  test('D4: ends where nothing is taken for too long, though little waits', () => {
    const { stream, onOver, clock } = open();
    stream.write(MEBIBYTE);
    clock.now = VIEWER_STALL_MS;
    stream.write(MEBIBYTE);
    expect(onOver).not.toHaveBeenCalled();
    clock.now += 1;
    stream.write(MEBIBYTE);
    expect(onOver).toHaveBeenCalledOnce();
  });

  test('a viewer that leaves is over', async () => {
    const { stream, onOver } = open();
    await stream.readable.cancel();
    expect(onOver).toHaveBeenCalledOnce();
    stream.write(MEBIBYTE);
    stream.end();
    expect(onOver).toHaveBeenCalledOnce();
  });
});
