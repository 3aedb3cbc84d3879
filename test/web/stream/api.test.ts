import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchJson } from '../../../web/stream/api.ts';

const ADDRESS = 'http://edge/api/v1/clusters/lab';
const TROUBLE = { ok: false, error: { kind: 'trouble', trouble: 'network' } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Rejects when it is aborted, as fetch does. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('a request of which nothing comes is given up after ten seconds, its connection with it', async () => {
  let asked: AbortSignal | undefined;
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    asked = signal;
    return abortOf(signal);
  });
  const answer = fetchJson(ADDRESS, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(asked?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked?.aborted).toBe(true);
  expect(await answer).toEqual(TROUBLE);
});

it('one that has begun may take longer, and leaves no timer', async () => {
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    const text = new Promise<string>((resolve, reject) => {
      setTimeout(() => resolve('{"cursor":"a-1"}'), 15_000);
      abortOf(signal).catch(reject);
    });
    return Promise.resolve({ ok: true, status: 200, text: () => text });
  });
  const answer = fetchJson(ADDRESS, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount(), 'of the body alone').toBe(1);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await answer).toEqual({ ok: true, value: { cursor: 'a-1' } });
});
