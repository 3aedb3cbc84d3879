import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MigrationPage } from '../../../core/history.ts';
import type { PictureModel } from '../../../web/board/picture-model.ts';
import { createMigrations } from '../../../web/migrations/migrations-model.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import { createConnectionModel } from '../../../web/stream/connection-model.ts';

const NOW = 100_000_000;
const HOUR_MS = 3_600_000;

let asked: number;
let connection: ReturnType<typeof createConnectionModel>;
let stop: () => void;

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const hear = (now: number): void => {
  connection.readState({ name: 'live', attempt: 0, since: 0 });
  connection.readPulse({ cursor: 'e-1', now, lastHeard: now });
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = 0;
  vi.stubGlobal('fetch', () => {
    asked += 1;
    const now = connection.present.peek() ?? 0;
    return Promise.resolve(Response.json({ now, running: [], finished: [], next: null } satisfies MigrationPage));
  });
  connection = createConnectionModel(() => performance.now(), signal(true));
  hear(NOW);
  const picture: Pick<PictureModel, 'vms' | 'follow'> = { vms: () => new Map(), follow: () => () => {} };
  stop = createMigrations({ name: 'lab', connection } as unknown as ClusterSession, picture as PictureModel).start();
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
