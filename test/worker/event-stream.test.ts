import { describe, expect, test, vi } from 'vitest';
import { VIEWER_STALL_MS } from '../../core/limits.ts';
import { heldBytes } from '../../worker/backlog.ts';
import { type EventStream, openEventStream, type StreamEnd } from '../../worker/event-stream.ts';

function open(onDrained?: () => void): {
  stream: EventStream;
  onOver: ReturnType<typeof vi.fn<(end: StreamEnd) => void>>;
  clock: { now: number };
} {
  const clock = { now: 0 };
  const onOver = vi.fn<(end: StreamEnd) => void>();
  const options = { now: () => clock.now, onOver };
  return { stream: openEventStream(onDrained === undefined ? options : { ...options, onDrained }), onOver, clock };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const MEBIBYTE = new Uint8Array(1_048_576);

describe('a viewer’s stream', () => {
  test('gives what was written, in order, and ends', async () => {
    const { stream, onOver } = open();
    stream.write([bytes('a'), bytes('b')]);
    stream.write([bytes('c')]);
    stream.end();
    expect(await new Response(stream.readable).text()).toBe('abc');
    expect(onOver.mock.calls).toEqual([['ended']]);
  });

  test('gives what is written to a reader that waits for it', async () => {
    const { stream } = open();
    const reader = stream.readable.getReader();
    for (const text of ['a', 'b', 'c']) {
      const read = reader.read();
      stream.write([bytes(text)]);
      expect((await read).value).toEqual(bytes(text));
    }
    const last = reader.read();
    stream.end();
    expect((await last).done).toBe(true);
  });

  test('gives large chunks whole, also where it ends within one', async () => {
    const large = crypto.getRandomValues(new Uint8Array(60_000));
    const text = new Uint8Array(600_000).map((_, index) => large[index % large.length] ?? 0);
    const { stream } = open();
    stream.write([text, bytes('after')]);
    const reader = stream.readable.getReader();
    const first = await reader.read();
    stream.end();
    const parts = [first.value ?? MEBIBYTE];
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
    expect(parts.length).toBeGreaterThan(2);
    expect(await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes()).toEqual(await new Blob([text, bytes('after')]).bytes());
  });

  test('D4: asks for more once all is taken, and not before', async () => {
    const wanted: string[] = [];
    const { stream } = open(() => wanted.push('more'));
    stream.write([bytes('a'), bytes('b')]);
    const reader = stream.readable.getReader();
    await reader.read();
    await reader.read();
    expect([stream.unread, wanted]).toEqual([1, []]);
    const last = reader.read();
    await Promise.resolve();
    expect([stream.unread, wanted]).toEqual([0, ['more']]);
    stream.write([bytes('c')]);
    expect((await last).value).toEqual(bytes('c'));
  });

  test('D4: what is written when it asks for more is given', async () => {
    const later = ['b', 'c'];
    const { stream } = open(() => stream.write(later.splice(0, 1).map(bytes)));
    stream.write([bytes('a')]);
    const reader = stream.readable.getReader();
    const texts: string[] = [];
    while (texts.length < 3) texts.push(new TextDecoder().decode((await reader.read()).value));
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test('D4: however much it has to take, one that reads is never cut off', async () => {
    const { stream, onOver, clock } = open();
    const reader = stream.readable.getReader();
    for (let write = 0; write < 20; write++) {
      stream.write([MEBIBYTE]);
      await reader.read();
      clock.now += VIEWER_STALL_MS;
    }
    stream.write([MEBIBYTE]);
    expect(onOver).not.toHaveBeenCalled();
  });

  test('D4: ends where nothing is taken for too long, though little waits, and at a look too', async () => {
    const { stream, onOver, clock } = open();
    stream.write([bytes('a')]);
    clock.now = VIEWER_STALL_MS;
    stream.write([bytes('b')]);
    expect(onOver).not.toHaveBeenCalled();
    clock.now += 1;
    stream.write([]);
    stream.write([bytes('c')]);
    stream.end();
    expect(onOver.mock.calls).toEqual([['cut-off']]);
    // Without what waited.
    expect((await stream.readable.getReader().read()).done).toBe(true);
  });

  test('D4: one that reads a large chunk slowly is seen to read', async () => {
    const { stream, onOver, clock } = open();
    stream.write([new Uint8Array(1_200_000)]);
    const reader = stream.readable.getReader();
    for (let piece = 0; piece < 10; piece++) {
      await reader.read();
      stream.write([bytes('a')]);
      clock.now += VIEWER_STALL_MS;
    }
    expect(onOver).not.toHaveBeenCalled();
  });

  test('what is held is what was written and not taken: a chunk until the reader asks for more, nothing once the viewer is gone', async () => {
    const { stream } = open();
    const [first, second] = [new Uint8Array(1_000), new Uint8Array(500)];
    stream.write([first, second]);
    expect(heldBytes([stream])).toBe(1_500);
    const reader = stream.readable.getReader();
    await reader.read();
    expect([stream.unread, heldBytes([stream])]).toEqual([1_500, 1_500]);
    await reader.read();
    expect([stream.unread, heldBytes([stream])]).toEqual([500, 500]);
    stream.cutOff();
    expect([stream.unread, heldBytes([stream])]).toEqual([0, 0]);
  });

  test('a viewer that leaves is over', async () => {
    const { stream, onOver } = open();
    await stream.readable.cancel();
    stream.write([MEBIBYTE]);
    stream.end();
    expect(onOver.mock.calls).toEqual([['left']]);
  });
});
