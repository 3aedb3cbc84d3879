import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../../forwarder/kube-client.ts';
import { STREAM_SILENCE_MS } from '../../forwarder/list-choice.ts';
import { PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { Reflector } from '../../forwarder/reflector.ts';
import { PAGE_COUNT, TOLD_WATCH_SILENCE_MS, WATCH_SILENCE_MS } from '../../forwarder/reflector-state.ts';
import { ManualClock } from './manual-clock.ts';
import { bookmark, node, Recorder } from './recorder.ts';
import { type Answer, failure, json, list, ScriptedServer, statusObject, watch } from './scripted-server.ts';

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
  reflector = reflectorTo(client);
  stopping = new AbortController();
});

afterEach(async () => {
  stopping.abort();
  await running;
  client.close();
  await server.close();
});

const reflectorTo = (client: KubeClient): Reflector<'host'> =>
  new Reflector({ resource: RESOURCES.host, project: PROJECTORS.host, client, sink, clock, random: () => 0.5 });

/** A server that knows no streaming lists, as it says once. Those: reflector-stream.test.ts. */
function start(...answers: readonly Answer[]): void {
  server.answer(failure(422, 'sendInitialEvents is forbidden'), ...answers);
  running = reflector.run(stopping.signal);
}

/** After the one request for a stream. */
const asked = (): readonly URL[] => server.requests.slice(1);
const paramsOf = (index: number): Record<string, string> => Object.fromEntries(asked()[index]?.searchParams ?? []);
/** A backoff, as opposed to the watchdog of a watch. */
const isBackoff = (delayMs: number): boolean => delayMs < STREAM_SILENCE_MS;

describe('the plain way', () => {
  test('lists in pages, replaces, then watches from the list version with bookmarks and a bounded time', async () => {
    const open = watch();
    start(list('10', [node('a')], 'more of it'), list('10', [node('b')]), open.answer);
    await sink.until(() => sink.told.includes('recovered'));
    expect(sink.told).toEqual(['unstreamed', 'replace a b', 'recovered']);
    expect(paramsOf(0)).toEqual({ limit: String(PAGE_COUNT) });
    expect(paramsOf(1)).toEqual({ limit: String(PAGE_COUNT), continue: 'more of it' });
    expect(paramsOf(2)).toEqual({ watch: '1', allowWatchBookmarks: 'true', resourceVersion: '10', timeoutSeconds: '265' });
    expect(reflector.isWatching).toBe(true);
    expect(reflector.hasSynced).toBe(true);
  });

  test('takes events in, settles once for all that came together, and resumes an ended watch at once from the last version', async () => {
    const first = watch();
    const second = watch();
    start(list('10', [node('a')]), first.answer);
    await first.opened;
    await sink.until(() => reflector.isWatching);
    const before = sink.settleCount;
    await first.write(
      ['ADDED', 'MODIFIED', 'DELETED']
        .map((type, index) => `${JSON.stringify({ type, object: node(type === 'MODIFIED' ? 'a' : 'b', String(11 + index)) })}\n`)
        .join(''),
    );
    await sink.until(() => sink.told.includes('remove b'));
    await sink.until(() => sink.settleCount > before);
    expect(sink.settleCount).toBe(before + 1);
    await first.event('BOOKMARK', bookmark('20'));
    await first.end();
    await server.untilRequests(4);
    // U10: the server has not taken the new watch yet, and perhaps never will.
    expect(reflector.isWatching).toBe(false);
    server.answer(second.answer);
    await sink.until(() => reflector.isWatching);
    expect(sink.told).toEqual(['unstreamed', 'replace a', 'recovered', 'set b', 'set a', 'remove b', 'recovered']);
    expect(paramsOf(2).resourceVersion).toBe('20');
    expect(clock.pendingMs.filter(isBackoff)).toEqual([]);
  });

  test('characters and lines may be cut anywhere', async () => {
    const open = watch();
    start(list('10', []), open.answer);
    const response = await open.opened;
    const annotations = { 'harvesterhci.io/host-custom-name': 'ä-漢' };
    const object = { metadata: { name: 'a', uid: 'u', resourceVersion: '11', annotations } };
    const bytes = Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await sink.until(() => sink.told.includes('set a'));
    expect(sink.hosts.get('a')?.displayName).toBe('ä-漢');
  });

  test('an object without identity is left out and counted; its deletion makes a new list', async () => {
    const open = watch();
    const again = watch();
    start(list('10', [node('a'), { metadata: {} }]), open.answer, list('12', [node('a')]), again.answer);
    await open.event('DELETED', { metadata: { resourceVersion: '11' } });
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await again.opened;
    expect(sink.told.filter((line) => line.startsWith('malformed'))).toHaveLength(2);
    expect(paramsOf(2)).toEqual({ limit: String(PAGE_COUNT) });
  });

  test('stops at once in the middle of a watch', async () => {
    const open = watch();
    start(list('10', []), open.answer);
    await open.opened;
    stopping.abort();
    await running;
    expect(reflector.isWatching).toBe(false);
    expect(sink.problems).toEqual([]);
  });
});

describe('failures', () => {
  for (const status of [500, 503, 401, 403, 404]) {
    test(`a list that is answered ${status} is tried again after a backoff`, async () => {
      const open = watch();
      start(failure(status, 'the reason'), list('10', [node('a')]), open.answer);
      expect(await clock.untilWaiting(isBackoff)).toBe(250);
      expect(sink.problems[0]).toContain('the reason');
      clock.advance(250);
      await sink.until(() => reflector.isWatching);
      expect([...sink.hosts.keys()]).toEqual(['a']);
    });
  }

  test('a watch that is answered 500 is resumed from the last version, after ever longer backoffs', async () => {
    const open = watch();
    start(list('10', []), failure(500), failure(500), failure(500), open.answer);
    for (const expected of [250, 500, 1_000]) {
      expect(await clock.untilWaiting(isBackoff)).toBe(expected);
      clock.advance(expected);
    }
    await open.opened;
    expect(
      asked()
        .slice(1)
        .map(({ searchParams }) => searchParams.get('resourceVersion')),
    ).toEqual(['10', '10', '10', '10']);
  });

  test('429 waits at least as long as Retry-After says', async () => {
    const open = watch();
    start(list('10', []), failure(429, 'slow down', { 'retry-after': '7' }), open.answer);
    expect(await clock.untilWaiting(isBackoff)).toBeGreaterThanOrEqual(7_000);
    clock.advance(20_000);
    await open.opened;
  });

  test('a connection that breaks off in the middle of a line resumes from the last whole event', async () => {
    const first = watch();
    const second = watch();
    start(list('10', []), first.answer, second.answer);
    await first.event('ADDED', node('a', '11'));
    await sink.until(() => sink.hosts.has('a'));
    await first.write('{"type":"ADDED","obj');
    await first.reset();
    await clock.untilWaiting(isBackoff);
    expect(reflector.isWatching).toBe(false);
    clock.advance(1_000);
    await second.opened;
    expect(paramsOf(2).resourceVersion).toBe('11');
  });

  test('a server that refuses connections is named, with the reason', async () => {
    // On port 1 nobody listens, and the system gives it to nobody.
    const nobody = server.client('http://127.0.0.1:1');
    reflector = reflectorTo(nobody);
    start();
    await clock.untilWaiting(isBackoff);
    expect(sink.problems).toEqual(['cannot reach the API server http://server: connection refused; trying again']);
    nobody.close();
  });

  test('a watch that ends at once without an event backs off; one that had events does not', async () => {
    const first = watch();
    const second = watch();
    const third = watch();
    start(list('10', []), first.answer, second.answer, third.answer);
    await first.end();
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await second.event('ADDED', node('a', '11'));
    await second.end();
    await third.opened;
    expect(sink.told.filter((line) => line === 'failed short-watch')).toHaveLength(1);
  });

  test('a watch that is silent for too long is resumed over another connection; not accepted, it is a failure', async () => {
    const first = watch();
    const second = watch();
    start(list('10', []), first.answer);
    await sink.until(() => reflector.isWatching);
    clock.advance(WATCH_SILENCE_MS - 1);
    expect(reflector.isWatching).toBe(true);
    await first.event('BOOKMARK', bookmark('15'));
    await first.event('ADDED', node('a', '16'));
    await sink.until(() => sink.hosts.has('a'));
    // One that has told something is known to bring bookmarks.
    clock.advance(TOLD_WATCH_SILENCE_MS - 1);
    expect(reflector.isWatching).toBe(true);
    clock.advance(1);
    await server.untilRequests(4);
    // U10: nobody has taken the new one yet. That the old one was silent is no problem: quiet kinds of a server that was restarted are.
    expect([reflector.isWatching, sink.problems]).toEqual([false, []]);
    expect(paramsOf(2).resourceVersion).toBe('16');
    server.answer(second.answer);
    await sink.until(() => reflector.isWatching);
    clock.advance(WATCH_SILENCE_MS);
    await server.untilRequests(5);
    server.answer(failure(500, 'the reason'));
    await clock.untilWaiting(isBackoff);
    expect(sink.problems).toEqual([expect.stringContaining('the reason')]);
  });
});

describe('a version is proven before a watch goes on from it, unless the one before ended as it was asked to', () => {
  test('a server that has gone back in time is listed anew: a watch from its future would be accepted and tell nothing', async () => {
    const open = watch();
    const second = watch();
    server.provenVersion = '9';
    start(list('10', [node('a')]), open.answer, list('9', [node('b')]), second.answer);
    await sink.until(() => reflector.isWatching);
    await open.reset();
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await clock.untilWaiting(isBackoff);
    expect(reflector.isWatching).toBe(false);
    clock.advance(1_000);
    await second.opened;
    await sink.until(() => reflector.isWatching);
    expect([...sink.hosts.keys()]).toEqual(['b']);
    expect(sink.problems.at(-1)).toMatch(/earlier version than before/);
    expect(paramsOf(3).resourceVersion).toBe('9');
    expect(server.proofCount).toBe(1);
  });

  test('nothing is open until it is proven; a refusal is a failure as any, and it goes on from where it was', async () => {
    const open = watch();
    const second = watch();
    server.provenVersion = null;
    start(list('10', [node('a')]), open.answer);
    await sink.until(() => reflector.isWatching);
    await open.reset();
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await server.untilRequests(4);
    expect(paramsOf(2)).toEqual({ limit: '1' });
    expect(reflector.isWatching).toBe(false);
    server.answer(failure(429, 'slow down', { 'retry-after': '7' }));
    expect(await clock.untilWaiting((delayMs) => delayMs >= 7_000 && delayMs < WATCH_SILENCE_MS)).toBe(7_875);
    clock.advance(7_875);
    await server.untilRequests(5);
    server.answer(list('10', []), second.answer);
    await second.opened;
    await sink.until(() => reflector.isWatching);
    expect(paramsOf(4).resourceVersion).toBe('10');
    expect([...sink.hosts.keys()]).toEqual(['a']);
  });

  test('an end at its time needs no proof, an early one does', async () => {
    const [first, second, third] = [watch(), watch(), watch()];
    start(list('10', []), first.answer, second.answer, third.answer);
    await sink.until(() => reflector.isWatching);
    for (const version of ['11', '12', '13', '14', '15']) {
      clock.advance(53_000);
      await first.event('BOOKMARK', bookmark(version));
      await sink.until(() => sink.heardTypes.length === Number(version) - 10);
    }
    await first.end();
    await second.opened;
    expect(server.proofCount).toBe(0);
    await sink.until(() => reflector.isWatching);
    await second.event('BOOKMARK', bookmark('16'));
    await sink.until(() => sink.heardTypes.length === 6);
    await second.end();
    await third.opened;
    expect(server.proofCount).toBe(1);
  });
});

describe('410: everything is listed again, and what is gone is gone', () => {
  const gone: Readonly<Record<string, { answer(): Answer }>> = {
    'as HTTP status': { answer: () => failure(410, 'too old resource version') },
    'as an ERROR event': {
      answer: () => (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify({ type: 'ERROR', object: statusObject(410, 'too old resource version', 'Expired') })}\n`);
      },
    },
  };
  for (const [form, { answer }] of Object.entries(gone)) {
    test(form, async () => {
      const open = watch();
      start(list('10', [node('a'), node('b')]), answer(), list('90', [node('b'), node('c')]), open.answer);
      await clock.untilWaiting((delayMs) => delayMs === 0);
      clock.advance(0);
      await open.opened;
      expect([...sink.hosts.keys()]).toEqual(['b', 'c']);
      expect(paramsOf(3).resourceVersion).toBe('90');
    });
  }

  test('of a continue token: the list starts from its beginning', async () => {
    const open = watch();
    start(list('10', [node('a')], 'token'), failure(410, 'continue expired'), list('11', [node('b')]), open.answer);
    await clock.untilWaiting((delayMs) => delayMs === 0);
    clock.advance(0);
    await open.opened;
    expect(sink.told).toContain('replace b');
    expect(sink.told).not.toContain('replace a');
  });

  test('of a list from its beginning: that is no list, and is said', async () => {
    const open = watch();
    start(failure(410, 'gone'), list('11', [node('b')]), open.answer);
    await clock.untilWaiting(isBackoff);
    expect(sink.told).toEqual(['unstreamed', 'failed status']);
    clock.advance(15_000);
    await open.opened;
    expect(sink.told).toContain('replace b');
  });

  test('again and again: the second time it waits', async () => {
    start(list('10', []), failure(410), list('11', []), failure(410));
    await clock.untilWaiting((delayMs) => delayMs === 0);
    clock.advance(0);
    expect(await clock.untilWaiting((delayMs) => delayMs > 0 && isBackoff(delayMs))).toBe(250);
  });
});

describe('what cannot be read makes a clear error and a new list', () => {
  const broken: Readonly<Record<string, string>> = {
    'a line that is not JSON': '{"type":"ADDED","object":{]\n',
    'a line that is no object': '42\n',
    'an unknown type': `${JSON.stringify({ type: 'RENAMED', object: node('b', '11') })}\n`,
    'a type that every object inherits': `${JSON.stringify({ type: 'constructor', object: node('b', '11') })}\n`,
    'an event without a version': `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'b', uid: 'u' } } })}\n`,
  };
  for (const [what, text] of Object.entries(broken)) {
    test(what, async () => {
      const first = watch();
      const second = watch();
      start(list('10', [node('a')]), first.answer, list('20', [node('c')]), second.answer);
      await first.write(text);
      await clock.untilWaiting(isBackoff);
      expect(sink.problems[0]).toMatch(/^unreadable answer to watch nodes: .*; listing again$/);
      clock.advance(1_000);
      await second.opened;
      expect([...sink.hosts.keys()]).toEqual(['c']);
    });
  }

  test('a watch that ends in order in the middle of a line', async () => {
    const first = watch();
    const second = watch();
    start(list('10', []), first.answer, list('20', [node('c')]), second.answer);
    await first.event('ADDED', node('a', '11'));
    await first.write('{"type":"DEL');
    await first.end();
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await second.opened;
    expect(sink.problems).toEqual(['unreadable answer to watch nodes: the watch ended in the middle of a line; listing again']);
    expect([...sink.hosts.keys()]).toEqual(['c']);
  });

  test('a list that is no list', async () => {
    const open = watch();
    start(json(200, { kind: 'NodeList', metadata: {} }), list('10', []), open.answer);
    await clock.untilWaiting(isBackoff);
    clock.advance(1_000);
    await open.opened;
    expect(sink.problems).toEqual(['unreadable answer to list nodes: a list without metadata.resourceVersion; listing again']);
  });
});
