/** Viewers that may see different things of the same object: the same cursors, other bytes. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { BRIDGE_CLOSE } from '../../worker/bridge-protocol.ts';
import type { PacedFrame } from '../../worker/pacer.ts';
import { encodeText } from '../../worker/sse.ts';
import { Viewers, type Way } from '../../worker/viewers.ts';
import { freshName, roomOf } from './support.ts';

interface NamesFrame extends PacedFrame {
  readonly names: readonly string[];
}

const frame = (revision: number, ...names: string[]): NamesFrame => ({ from: `e-${revision - 1}`, to: `e-${revision}`, size: 100, names });

/** An audience is the names that it may see, joined; '' is all. */
const visible = (names: readonly string[], audience: string): string =>
  names.filter((name) => audience === '' || audience.split(' ').includes(name)).join();

function makeViewers(ctx: DurableObjectState, head: { cursor: string }, formatted: string[] = []): Viewers<NamesFrame> {
  return new Viewers<NamesFrame>({
    ctx,
    now: Date.now,
    random: () => 0.5,
    pulse: () => ({ cursor: head.cursor, now: 0, lastHeard: null }),
    merge: (frames) => ({
      from: frames[0]?.from ?? '',
      to: frames.at(-1)?.to ?? '',
      size: 100,
      names: frames.flatMap(({ names }) => names),
    }),
    format: (frames, audience) => {
      formatted.push(audience);
      return `${frames.at(-1)?.to}:${visible(
        frames.flatMap(({ names }) => names),
        audience,
      )};`;
    },
    snapshot: (audience) => [encodeText(`snapshot of ${audience};`)],
  });
}

/** What a viewer was sent, as one text, once it ends with `end`. */
async function readUntil(response: Response, end: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  const socket = response.webSocket;
  if (socket !== null) {
    socket.binaryType = 'arraybuffer';
    const whole = new Promise<void>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') text += decoder.decode(data as ArrayBuffer);
        if (text.endsWith(end)) resolve();
      });
    });
    socket.accept();
    await whole;
    return text;
  }
  const reader = response.body?.getReader();
  while (!text.endsWith(end)) text += decoder.decode((await reader?.read())?.value);
  return text;
}

describe.each<Way>(['direct', 'bridge'])('audiences, %s', (way) => {
  test('each gets what it may see, made once for all with the same', async () => {
    await runInDurableObject(roomOf(freshName()), async (_room, ctx) => {
      const head = { cursor: 'e-1' };
      const formatted: string[] = [];
      const viewers = makeViewers(ctx, head, formatted);
      const attached = ['', 'a', 'a', 'b'].map((audience) => viewers.attach(way, [encodeText('hello;')], audience));
      head.cursor = 'e-2';
      viewers.publish(frame(2, 'a', 'c'));
      viewers.tell((audience) => `told ${audience};`);
      viewers.tell('end');
      const texts = await Promise.all(attached.map((response) => readUntil(response, 'end')));
      expect(texts).toEqual(['hello;e-2:a,c;told ;end', 'hello;e-2:a;told a;end', 'hello;e-2:a;told a;end', 'hello;e-2:;told b;end']);
      expect(formatted.toSorted()).toEqual(['', 'a', 'b']);
      viewers.endAll();
    });
  });

  test('a frame that does not follow what was sent is answered with a snapshot for each', async () => {
    await runInDurableObject(roomOf(freshName()), async (_room, ctx) => {
      const head = { cursor: 'e-1' };
      const viewers = makeViewers(ctx, head);
      const attached = ['a', 'b'].map((audience) => viewers.attach(way, [], audience));
      head.cursor = 'e-3';
      viewers.publish(frame(3, 'a'));
      head.cursor = 'e-4';
      viewers.publish(frame(4, 'a'));
      viewers.tell('end');
      const texts = await Promise.all(attached.map((response) => readUntil(response, 'end')));
      expect(texts).toEqual(['snapshot of a;e-4:a;end', 'snapshot of b;e-4:;end']);
      viewers.endAll();
    });
  });
});

test.each([
  { code: BRIDGE_CLOSE.cutOff, counted: { cutOff: 1, recycled: 0 } },
  { code: BRIDGE_CLOSE.recycled, counted: { cutOff: 0, recycled: 1 } },
  { code: BRIDGE_CLOSE.left, counted: { cutOff: 0, recycled: 0 } },
])('why a Worker ended a stream is counted: code $code', async ({ code, counted }) => {
  await runInDurableObject(roomOf(freshName()), (_room, ctx) => {
    const viewers = makeViewers(ctx, { cursor: 'e-1' });
    viewers.noteClosed(code);
    expect(viewers.stats).toMatchObject(counted);
  });
});

test('an audience is kept with its socket, for the object that comes after this one', async () => {
  await runInDurableObject(roomOf(freshName()), async (_room, ctx) => {
    const response = makeViewers(ctx, { cursor: 'e-1' }).attach('bridge', [], 'a');
    makeViewers(ctx, { cursor: 'e-1' }).tell((audience) => `told ${audience};end`);
    expect(await readUntil(response, 'end')).toBe('told a;end');
  });
});
