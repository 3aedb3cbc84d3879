/** Lists that come as a stream (KEP-3157), and servers that cannot: whatever happens, the picture is whole or what it was. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../../forwarder/kube-client.ts';
import { PAGES_FOR_MS, STREAM_LIST_MS, STREAM_SILENCE_MS } from '../../forwarder/list-choice.ts';
import { PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { Reflector } from '../../forwarder/reflector.ts';
import { PAGE_COUNT, TOLD_WATCH_SILENCE_MS, WATCH_SILENCE_MS } from '../../forwarder/reflector-state.ts';
import { ManualClock } from './manual-clock.ts';
import { bookmark, node, Recorder } from './recorder.ts';
import { type Answer, failure, list, ScriptedServer, statusObject, watch } from './scripted-server.ts';

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

function start(...answers: readonly Answer[]): void {
  server.answer(...answers);
  running = reflector.run(stopping.signal);
}

const paramsOf = (index: number): Record<string, string> => Object.fromEntries(server.requests[index]?.searchParams ?? []);
const isBackoff = (delayMs: number): boolean => delayMs < STREAM_SILENCE_MS;
const STREAM = { watch: '1', allowWatchBookmarks: 'true', sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };
const PAGES = { limit: String(PAGE_COUNT) };
const end = (version: string): unknown => ({
  metadata: { resourceVersion: version, annotations: { 'k8s.io/initial-events-end': 'true' } },
});
const untilTold = (line: string): Promise<void> => sink.until(() => sink.told.includes(line));

test('the list is a stream that ends with its bookmark, and the same connection is the watch', async () => {
  const open = watch();
  start(open.answer);
  await open.event('ADDED', node('a', '3'));
  await open.event('ADDED', node('b', '4'));
  await open.opened;
  expect(paramsOf(0)).toEqual({ ...STREAM, timeoutSeconds: '265' });
  expect([sink.told, reflector.isWatching, reflector.hasSynced]).toEqual([[], false, false]);
  await open.event('BOOKMARK', end('10'));
  await untilTold('recovered');
  expect([reflector.isWatching, reflector.hasSynced]).toEqual([true, true]);
  await open.event('MODIFIED', node('a', '11', true));
  await untilTold('set a');
  expect(sink.told).toEqual(['replace from a stream a b', 'recovered', 'set a']);
  expect([sink.openedCount, sink.heardTypes]).toEqual([1, ['bookmark', 'set']]);
  expect(server.requests).toHaveLength(1);
});

test('an empty kind is a stream of its end alone', async () => {
  const open = watch();
  start(open.answer);
  await open.event('BOOKMARK', end('10'));
  await untilTold('recovered');
  expect(sink.told).toEqual(['replace from a stream ', 'recovered']);
});

test('what changes while the list is under way is in the list, and what goes is told with its last state', async () => {
  const open = watch();
  start(open.answer);
  await open.event('ADDED', node('a', '3'));
  await open.event('ADDED', node('b', '4'));
  await open.event('ADDED', node('c', '5'));
  await open.event('MODIFIED', node('a', '6', true));
  await open.event('DELETED', node('b', '7'));
  await open.event('DELETED', node('c', '8'));
  await open.event('ADDED', node('c', '9', true));
  await open.event('BOOKMARK', end('10'));
  await untilTold('recovered');
  expect(sink.told).toEqual(['replace from a stream a c b', 'remove b', 'recovered']);
  expect([...sink.hosts.values()].map(({ name, cordoned }) => [name, cordoned])).toEqual([
    ['a', true],
    ['c', true],
  ]);
});

test('once the list is whole, the limits are those of a watch', async () => {
  const open = watch();
  start(open.answer);
  await open.event('BOOKMARK', end('10'));
  await untilTold('recovered');
  clock.advance(WATCH_SILENCE_MS - 1);
  await open.event('ADDED', node('a', '11'));
  await untilTold('set a');
  clock.advance(TOLD_WATCH_SILENCE_MS);
  await server.untilRequests(2);
  expect(paramsOf(1).resourceVersion).toBe('11');
  expect(reflector.isWatching).toBe(false);
});

test('a stream that has ended goes on from its last version, as any watch', async () => {
  const first = watch();
  const second = watch();
  start(first.answer, second.answer);
  await first.event('BOOKMARK', end('10'));
  await first.event('ADDED', node('a', '11'));
  await first.end();
  await second.opened;
  expect(paramsOf(1)).toEqual({ watch: '1', allowWatchBookmarks: 'true', resourceVersion: '11', timeoutSeconds: '265' });
});

test('a stream that breaks off after its end goes on from there too', async () => {
  const first = watch();
  const second = watch();
  start(first.answer, second.answer);
  await first.event('BOOKMARK', end('10'));
  await untilTold('recovered');
  await first.reset();
  clock.advance(await clock.untilWaiting(isBackoff));
  await second.opened;
  expect(paramsOf(1).resourceVersion).toBe('10');
});

test('410 makes a stream again, and what is gone is gone; the picture stays what it was meanwhile', async () => {
  const first = watch();
  const second = watch();
  start(first.answer, second.answer);
  await first.event('ADDED', node('a', '3'));
  await first.event('BOOKMARK', end('10'));
  await first.event('ERROR', statusObject(410, 'too old resource version', 'Expired'));
  clock.advance(await clock.untilWaiting((delayMs) => delayMs === 0));
  await second.event('ADDED', node('b', '80'));
  await second.opened;
  expect(paramsOf(1)).toMatchObject(STREAM);
  expect([...sink.hosts.keys()]).toEqual(['a']);
  await second.event('BOOKMARK', end('90'));
  await sink.until(() => reflector.isWatching);
  expect([...sink.hosts.keys()]).toEqual(['b']);
});

test('a server that answers 410 to what it has just streamed is given time', async () => {
  const gone: Answer = (response) => {
    response.writeHead(200);
    for (const [type, object] of [
      ['BOOKMARK', end('10')],
      ['ERROR', statusObject(410, 'too old', 'Expired')],
    ]) {
      response.write(`${JSON.stringify({ type, object })}\n`);
    }
    response.end();
  };
  start(gone, gone, gone);
  clock.advance(await clock.untilWaiting((delayMs) => delayMs === 0));
  expect(await clock.untilWaiting((delayMs) => delayMs > 0 && isBackoff(delayMs))).toBe(250);
});

test('an object without identity is left out and counted; its deletion makes a new list', async () => {
  const open = watch();
  start(open.answer, failure(422), list('20', [node('a')]), watch().answer);
  await open.event('ADDED', { metadata: { resourceVersion: '3' } });
  await open.event('ADDED', { metadata: { name: 'odd', resourceVersion: '3' } });
  await open.event('DELETED', { metadata: { name: 'odd', resourceVersion: '4' } });
  clock.advance(await clock.untilWaiting(isBackoff));
  await untilTold('replace a');
  expect(sink.told.filter((line) => line.startsWith('malformed'))).toHaveLength(3);
  expect(sink.told.filter((line) => line.startsWith('replace'))).toEqual(['replace a']);
});

describe('a stream that breaks off before its end is a list that failed', () => {
  test('once: as a stream again; twice: in pages, and the picture comes', async () => {
    const first = watch();
    const second = watch();
    start(first.answer, second.answer, list('20', [node('b')]), watch().answer);
    await first.event('ADDED', node('a', '3'));
    await first.reset();
    clock.advance(await clock.untilWaiting(isBackoff));
    await second.event('ADDED', node('a', '3'));
    await second.reset();
    await untilTold('recovered');
    expect(sink.told).toEqual(['failed unreachable', 'unstreamed', 'replace b', 'recovered']);
    expect(paramsOf(1)).toMatchObject(STREAM);
    expect(paramsOf(2)).toEqual(PAGES);
  });

  test('twice, with Retry-After: the pages wait as long as they are asked to', async () => {
    start(failure(500), failure(504, 'too busy', { 'retry-after': '7' }), list('20', [node('b')]), watch().answer);
    clock.advance(await clock.untilWaiting(isBackoff));
    await server.untilRequests(2);
    clock.advance((await clock.untilWaiting((delayMs) => delayMs === 7_875)) - 1);
    expect(server.requests).toHaveLength(2);
    clock.advance(1);
    await untilTold('recovered');
    expect(paramsOf(2)).toEqual(PAGES);
  });

  const ends: Readonly<Record<string, (open: ReturnType<typeof watch>) => Promise<void>>> = {
    'in order': (open) => open.end(),
    'in the middle of a line': async (open) => {
      await open.write('{"type":"ADD');
      await open.end();
    },
    'with 410, which it cannot mean': (open) => open.event('ERROR', statusObject(410, 'too old', 'Expired')),
    'with an error': (open) => open.event('ERROR', statusObject(500, 'etcd')),
    'with a line that cannot be read': (open) => open.write('{"type":\n'),
  };
  test.each(Object.entries(ends))('%s', async (_how, breakOff) => {
    const first = watch();
    const second = watch();
    start(first.answer, second.answer);
    await first.event('ADDED', node('a', '3'));
    await breakOff(first);
    clock.advance(await clock.untilWaiting(isBackoff));
    await second.event('BOOKMARK', end('10'));
    await untilTold('recovered');
    expect(sink.told.filter((line) => !line.startsWith('failed'))).toEqual(['replace from a stream ', 'recovered']);
    expect(sink.problems).toHaveLength(1);
  });

  test('however long it took, its failures add up: lists are dear', async () => {
    const first = watch();
    start(failure(503), first.answer);
    clock.advance(await clock.untilWaiting(isBackoff));
    await first.event('ADDED', node('a', '3'));
    await clock.untilWaiting((delayMs) => delayMs === STREAM_SILENCE_MS);
    clock.advance(STREAM_SILENCE_MS - 1);
    await first.reset();
    await untilTold('failed unreachable');
    expect(await clock.untilWaiting((delayMs) => delayMs > 1 && isBackoff(delayMs))).toBe(500);
  });
});

describe('a server that cannot is read in pages at once', () => {
  test.each([400, 405, 415, 422, 501])('it answers %i; said once, no failure', async (status) => {
    start(failure(status, 'sendInitialEvents: Forbidden'), list('10', [node('a')], 'more'), list('10', [node('b')]), watch().answer);
    await untilTold('recovered');
    expect(sink.told).toEqual(['unstreamed', 'replace a b', 'recovered']);
    expect(sink.problems).toEqual([]);
    expect(sink.unstreamedFor).toEqual([expect.stringContaining('sendInitialEvents: Forbidden')]);
    expect(paramsOf(1)).toEqual(PAGES);
  });

  test('it ignores the question and never tells an end: recognised when it falls silent', async () => {
    const deaf = watch();
    start(deaf.answer, list('20', [node('b')]), watch().answer);
    await deaf.event('ADDED', node('a', '3'));
    await clock.untilWaiting((delayMs) => delayMs === STREAM_SILENCE_MS);
    clock.advance(STREAM_SILENCE_MS - 1);
    expect(server.requests).toHaveLength(1);
    clock.advance(2 * STREAM_SILENCE_MS);
    await untilTold('recovered');
    expect(sink.told).toEqual(['unstreamed', 'replace b', 'recovered']);
  });

  test('or by the bookmark of a plain watch', async () => {
    const deaf = watch();
    start(deaf.answer, list('20', [node('b')]), watch().answer);
    await deaf.event('ADDED', node('a', '3'));
    await deaf.event('BOOKMARK', bookmark('12'));
    await untilTold('recovered');
    expect(sink.told).toEqual(['unstreamed', 'replace b', 'recovered']);
  });

  test('or because its changes have no end', async () => {
    const deaf = watch();
    const pages = watch();
    start(deaf.answer, list('20', [node('b')]), pages.answer);
    await clock.untilWaiting((delayMs) => delayMs === STREAM_SILENCE_MS);
    const step = STREAM_SILENCE_MS / 2;
    for (let passed = 0; passed + step < STREAM_LIST_MS; passed += step) {
      const { malformedCount } = sink;
      await deaf.event('MODIFIED', { metadata: { resourceVersion: String(passed) } });
      await sink.until(() => sink.malformedCount > malformedCount);
      clock.advance(step);
    }
    const { malformedCount } = sink;
    await deaf.event('MODIFIED', { metadata: { resourceVersion: '1' } });
    await sink.until(() => sink.malformedCount > malformedCount);
    expect(server.requests).toHaveLength(1);
    clock.advance(step);
    await untilTold('recovered');
    expect(sink.told.filter((line) => !line.startsWith('malformed'))).toEqual(['unstreamed', 'replace b', 'recovered']);
  });

  test('and asked again when a list is due an hour later, not before', async () => {
    const [first, second, third] = [watch(), watch(), watch()];
    start(failure(422), list('10', []), first.answer, list('20', []), second.answer, third.answer);
    const expire = async (open: ReturnType<typeof watch>): Promise<void> => {
      await open.event('BOOKMARK', bookmark('11'));
      await open.event('ERROR', statusObject(410, 'too old', 'Expired'));
      clock.advance(await clock.untilWaiting((delayMs) => delayMs === 0));
    };
    await expire(first);
    await second.opened;
    expect(paramsOf(3)).toEqual(PAGES);
    for (let passed = 0; passed < PAGES_FOR_MS; passed += TOLD_WATCH_SILENCE_MS / 2) {
      const heard = sink.heardTypes.length;
      await second.event('BOOKMARK', bookmark('21'));
      await sink.until(() => sink.heardTypes.length > heard);
      clock.advance(TOLD_WATCH_SILENCE_MS / 2);
    }
    await expire(second);
    await third.event('BOOKMARK', end('30'));
    await sink.until(() => sink.told.includes('replace from a stream '));
    expect(paramsOf(5)).toMatchObject(STREAM);
    expect(sink.unstreamedFor).toHaveLength(1);
  });
});

describe('what has nothing to do with streams does not end them', () => {
  test.each([401, 403, 404, 429, 503])('%i', async (status) => {
    const open = watch();
    start(failure(status, 'no', { 'retry-after': '3' }), failure(status), failure(status), open.answer);
    for (let turn = 0; turn < 3; turn += 1) {
      const delayMs = await clock.untilWaiting(isBackoff);
      if (turn === 0) expect(delayMs).toBeGreaterThanOrEqual(3_000);
      clock.advance(delayMs);
    }
    await open.opened;
    expect(server.requests.every(({ searchParams }) => searchParams.has('sendInitialEvents'))).toBe(true);
    expect(sink.problems).toHaveLength(3);
  });
});

test('a page that is too large is asked for again, smaller, and nothing of the list is lost', async () => {
  const huge: Answer = (response) => {
    const megabyte = Buffer.alloc(1_048_576, ' ');
    response.writeHead(200, { 'content-type': 'application/json' });
    const pour = (): void => {
      while (response.write(megabyte));
    };
    response.on('drain', pour);
    pour();
  };
  start(failure(422), list('10', [node('a')], 'more'), huge, list('10', [node('b')], 'last'), list('10', [node('c')]), watch().answer);
  await untilTold('recovered');
  expect([paramsOf(2), paramsOf(3), paramsOf(4)]).toEqual([
    { limit: '500', continue: 'more' },
    { limit: '100', continue: 'more' },
    { limit: '100', continue: 'last' },
  ]);
  expect(sink.told).toEqual(['unstreamed', 'replace a b c', 'recovered']);
});
