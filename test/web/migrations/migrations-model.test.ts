import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MigrationPage } from '../../../core/history.ts';
import type { PictureModel } from '../../../web/board/picture-model.ts';
import { createMigrations } from '../../../web/migrations/migrations-model.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import { createConnectionModel } from '../../../web/stream/connection-model.ts';

const NOW = 100_000_000;
const HOUR_MS = 3_600_000;

let asked: number;
/** The room's answers wait for it. */
let answering: Promise<void>;
let connection: ReturnType<typeof createConnectionModel>;
let stop: () => void;

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
/** Opens the list anew, with whatever the connection is like. */
function reopen(): void {
  stop();
  asked = 0;
  const picture: Pick<PictureModel, 'vms' | 'follow'> = { vms: () => new Map(), follow: () => () => {} };
  stop = createMigrations({ name: 'lab', connection } as unknown as ClusterSession, picture as PictureModel).start();
}
const hear = (now: number): void => {
  connection.readState({ name: 'live', attempt: 0, since: 0 });
  connection.readPulse({ cursor: 'e-1', now, lastHeard: now });
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  answering = Promise.resolve();
  vi.stubGlobal('fetch', () => {
    asked += 1;
    const now = connection.present.peek() ?? 0;
    const page: MigrationPage = { now, running: [], finished: [], next: null };
    return answering.then(() => Response.json(page));
  });
  connection = createConnectionModel(() => performance.now(), signal(true));
  hear(NOW);
  stop = () => {};
  reopen();
  await pass(100);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('is read once, and then not by the clock', async () => {
  expect(asked).toBe(1);
  await pass(HOUR_MS);
  expect(asked).toBe(1);
});

it('is read again when the page was cut off: of a VM that moved and went meanwhile no commit tells', async () => {
  connection.readState({ name: 'reconnecting', attempt: 1, trouble: 'silence', until: 0, next: 'open' });
  await pass(HOUR_MS);
  expect(asked).toBe(1);
  hear(NOW + HOUR_MS);
  await pass(100);
  expect(asked).toBe(2);
  // A stream whose time was over is followed by the next one at once.
  connection.readState({ name: 'opening', attempt: 0, isRenewal: true });
  hear(NOW + HOUR_MS);
  await pass(HOUR_MS);
  expect(asked).toBe(2);
});

it('of a moment of the past it is read again where it does not reach that far, and of the present once that is back', async () => {
  await pass(HOUR_MS);
  hear(NOW + HOUR_MS);
  connection.past.value = { at: NOW - 1, lastHeard: NOW - 1 };
  await pass(3_000);
  expect(asked).toBe(1);
  connection.past.value = { at: NOW + 1_800_000, lastHeard: NOW + 1_800_000 };
  await pass(3_000);
  expect(asked).toBe(2);
  connection.past.value = { at: NOW + 1_900_000, lastHeard: NOW + 1_900_000 };
  await pass(3_000);
  expect(asked).toBe(2);
  connection.past.value = null;
  await pass(3_000);
  expect(asked).toBe(3);
});

it('of a moment that was painted while the first page was under way it is read again, once, where that ends before it', async () => {
  let answer = (): void => {};
  answering = new Promise((resolve) => {
    answer = resolve;
  });
  reopen();
  await pass(100);
  connection.past.value = { at: NOW + 5_000, lastHeard: NOW + 5_000 };
  answer();
  await pass(3_000);
  expect(asked).toBe(2);
  // The room's clock was set back: it tells no more, however often it is asked.
  await pass(HOUR_MS);
  expect(asked).toBe(2);
  connection.past.value = null;
});

it('of a moment that the first page reaches it is not read again', async () => {
  let answer = (): void => {};
  answering = new Promise((resolve) => {
    answer = resolve;
  });
  reopen();
  await pass(100);
  connection.past.value = { at: NOW, lastHeard: NOW };
  answer();
  await pass(HOUR_MS);
  expect(asked).toBe(1);
});

describe('a stream that the list was opened before', () => {
  const opened = { name: 'opening', attempt: 0 } as const;

  it('goes on from the picture, and is no gap', async () => {
    connection.readState(opened);
    reopen();
    await pass(300);
    hear(NOW + 300);
    await pass(HOUR_MS);
    expect(asked).toBe(1);
    // From then on it is.
    connection.readState(opened);
    hear(NOW + HOUR_MS);
    await pass(100);
    expect(asked).toBe(2);
  });

  it.each([
    ['did not come', () => connection.readState({ name: 'reconnecting', attempt: 1, trouble: 'network', until: 0, next: 'load' }), 500],
    ['came while the past was shown', () => Object.assign(connection.past, { value: { at: NOW - 1, lastHeard: NOW - 1 } }), 500],
    ['was given up by a hidden page', () => connection.readState({ name: 'suspended', next: 'open' }), 3_000],
  ])('and that %s is a gap', async (_, miss, ms) => {
    connection.readState(opened);
    reopen();
    await pass(300);
    miss();
    await pass(ms);
    connection.readState(opened);
    await pass(100);
    expect(asked).toBe(1);
    connection.past.value = null;
    hear(NOW + 400 + ms);
    await pass(3_000);
    expect(asked).toBe(2);
  });
});
