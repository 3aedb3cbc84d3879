/** A watch that is given up because the server did not answer elsewhere (SPEC U10): nothing is listed anew, and nothing is missed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeClient } from '../../forwarder/kube-client.ts';
import { PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { Reflector } from '../../forwarder/reflector.ts';
import { ManualClock } from './manual-clock.ts';
import { bookmark, node, Recorder } from './recorder.ts';
import { failure, list, ScriptedServer, watch } from './scripted-server.ts';

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
