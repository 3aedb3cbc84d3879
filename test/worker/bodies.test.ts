/** Bodies that are slow, or never end: how long one is waited for, and how many a room holds at once. */
import { expect, test } from 'vitest';
import { MAX_BODIES_AT_ONCE_COUNT } from '../../core/limits.ts';
import { readJson } from '../../worker/body.ts';
import { bearer, call, liveCluster, problemOf } from './support.ts';

/** One that was begun. */
function slowBody() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.write(new TextEncoder().encode('{')).catch(() => {});
  return { readable, end: () => writer.close() };
}

test('one that does not end is given up, and let go of', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
    cancel: () => {
      isCancelled = true;
    },
  });
  const read = await readJson(new Request('https://hostview.test', { method: 'POST', body: endless }), 1_000, 20);
  expect(read).toMatchObject({ ok: false, error: { code: 'not-json', detail: expect.stringContaining('did not end') } });
  expect(isCancelled).toBe(true);
});

test('a room reads so many at once: one more is to come again, and another cluster is not held up', async () => {
  const [forwarder, other] = [await liveCluster(), await liveCluster()];
  const post = (body: ReadableStream | string): Promise<Response> =>
    call(`/api/v1/clusters/${forwarder.cluster}/batches`, { method: 'POST', headers: bearer(forwarder.token), body });
  const slow = Array.from({ length: MAX_BODIES_AT_ONCE_COUNT }, slowBody);
  const answers = slow.map(({ readable }) => post(readable));
  await expect.poll(async () => (await post('[]')).status).toBe(429);
  const refused = await post('[]');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await problemOf(refused)).toMatchObject({ code: 'too-many-batches' });
  expect((await other.heartbeat()).resync).toBe(false);
  await slow[0]?.end();
  expect((await answers[0])?.status).toBe(400);
  expect((await forwarder.heartbeat()).resync).toBe(false);
  await Promise.all(slow.slice(1).map(({ end }) => end()));
  await Promise.all(answers);
});
