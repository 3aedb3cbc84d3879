/** What a watch is told of the server by others: that it may be dead (SPEC U10), or that it is there again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../../forwarder/kube-client.ts';
import { PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { Reflector } from '../../forwarder/reflector.ts';
import { ManualClock } from './manual-clock.ts';
import { bookmark, node, Recorder } from './recorder.ts';
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

describe('it may be dead: nothing is listed anew, and nothing is missed', () => {
  test('it goes on from its last version on a new connection', async () => {
    const first = watch();
    const second = watch();
    server.answer(failure(422, 'sendInitialEvents is forbidden'), list('10', [node('a')]), first.answer, second.answer);
    running = reflector.run(stopping.signal);
    await first.event('BOOKMARK', bookmark('20'));
    await sink.until(() => reflector.isWatching && sink.told.includes('recovered'));
    reflector.doubt();
    const wait = await clock.untilWaiting((delayMs) => delayMs < 15_000);
    expect(reflector.isWatching).toBe(false);
    clock.advance(wait);
    await second.event('ADDED', node('b', '21'));
    await sink.until(() => sink.told.includes('set b'));
    expect(server.requests.at(-1)?.searchParams.get('resourceVersion')).toBe('20');
    expect(sink.told.filter((told) => told.startsWith('replace'))).toEqual(['replace a']);
    expect(reflector.isWatching).toBe(true);
  });

  test('where nothing is being watched there is nothing to doubt', async () => {
    const open = watch();
    server.answer(failure(422, 'sendInitialEvents is forbidden'), list('10', [node('a')]), open.answer);
    reflector.doubt();
    running = reflector.run(stopping.signal);
    reflector.doubt();
    await open.opened;
    await sink.until(() => reflector.isWatching);
    expect(sink.told).toEqual(['unstreamed', 'replace a', 'recovered']);
  });
});

describe('it is there again', () => {
  const cut: Answer = (response) => void response.destroy();

  /** Until its wait is so long that it is worth ending. */
  async function failOften(answer: Answer, waits = [250, 500, 1_000], last = 2_000): Promise<void> {
    server.answer(...[...waits, last].map(() => answer));
    running = reflector.run(stopping.signal);
    for (const waitMs of waits) clock.advance(await clock.untilWaiting((delayMs) => delayMs === waitMs));
    await clock.untilWaiting((delayMs) => delayMs === last);
  }

  test.each<[string, Answer]>([
    ['to be there', cut],
    ['to have started', failure(503, 'server is starting')],
    ['to know its roles', failure(403)],
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
    await failOften(failure(503, 'server is starting', { 'retry-after': '1' }), [1_125, 1_125, 1_125, 2_000], 4_000);
    reflector.hurry();
    clock.advance(await clock.untilWaiting((delayMs) => delayMs === 1_625));
    await server.untilRequests(6);
  });
});
