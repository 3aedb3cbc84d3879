/** A watch whose server was away, when another watch finds that it is there again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeClient } from '../../forwarder/kube-client.ts';
import { PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { Reflector } from '../../forwarder/reflector.ts';
import { ManualClock } from './manual-clock.ts';
import { node, Recorder } from './recorder.ts';
import { type Answer, failure, list, ScriptedServer, watch } from './scripted-server.ts';

let server: ScriptedServer;
let client: KubeClient;
let clock: ManualClock;
let sink: Recorder;
let reflector: Reflector<'host'>;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = server.client();
  clock = new ManualClock();
  sink = new Recorder();
  reflector = new Reflector({ resource: RESOURCES.host, project: PROJECTORS.host, client, sink, clock, random: () => 0.5 });
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await running;
  client.close();
  await server.close();
});

const cut: Answer = (response) => void response.destroy();

/** Until its wait is so long that it is worth ending. */
async function failOften(answer: Answer, waits = [250, 500, 1_000]): Promise<void> {
  server.answer(answer, answer, answer, answer);
  running = reflector.run(stopping.signal);
  for (const waitMs of waits) clock.advance(await clock.untilWaiting((delayMs) => delayMs === waitMs));
  await clock.untilWaiting((delayMs) => delayMs === 2_000);
}

test.each<[string, Answer]>([
  ['to be there', cut],
  ['to have started', failure(503, 'server is starting')],
])('it tries again soon, where it waited for the server %s', async (_what, answer) => {
  await failOften(answer);
  const open = watch();
  server.answer(failure(422, 'sendInitialEvents is forbidden'), list('10', [node('a')]), open.answer);
  reflector.hurry();
  clock.advance(await clock.untilWaiting((delayMs) => delayMs === 500));
  await sink.until(() => reflector.isWatching);
  expect(clock.now()).toBe(250 + 500 + 1_000 + 500);
});

test('what the server asked for with Retry-After is kept, and no more than that', async () => {
  await failOften(failure(503, 'server is starting', { 'retry-after': '1' }), [1_125, 1_125, 1_125]);
  reflector.hurry();
  clock.advance(await clock.untilWaiting((delayMs) => delayMs === 1_500));
  await server.untilRequests(5);
});

test('what waits for a right waits on', async () => {
  await failOften(failure(403));
  reflector.hurry();
  await new Promise((resolve) => setImmediate(resolve));
  expect(clock.pendingMs).toContain(2_000);
});
