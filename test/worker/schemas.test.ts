import { describe, expect, test } from 'vitest';
import {
  MAX_ENTITIES_PER_BATCH_COUNT,
  MAX_LABEL_CHARS,
  MAX_LABEL_KEY_CHARS,
  MAX_LABEL_VALUE_CHARS,
  MAX_LABELS_COUNT,
  MAX_LIST_COUNT,
  MAX_NAME_CHARS,
  MAX_TEXT_CHARS,
  MAX_UID_CHARS,
} from '../../core/limits.ts';
import { DANGERS } from '../../core/model.ts';
import { isClusterName, parseBatch, parseOpenSession, parseRegistration, parseShareWish } from '../../worker/schemas.ts';
import { countUnknownFields } from '../../worker/unknown-fields.ts';
import { finished, host, vm } from './support.ts';

const CHANGES = {
  kind: 'changes',
  session: 1,
  number: 1,
  hosts: [
    host('host-1', {
      displayName: 'Rack 1',
      zone: 'a',
      cpu: 3.9,
      memory: 1e11,
      drain: { here: 4, moving: 1, stopping: 0, waiting: 2, stuck: 1, arriving: 0, safe: false, because: 'vms-here' },
    }),
  ],
  vms: [
    vm('a', 'host-1', {
      transit: {
        id: 'm',
        stage: 'queued',
        cause: 'drain',
        evidence: 'e',
        from: 'host-1',
        to: null,
        requested: 'host-2',
        suspended: true,
        peer: { direction: 'out', pair: 'p', host: 'host-1' },
        waitingFor: {
          reason: 'host-limit',
          detail: 'x',
          used: 2,
          limit: 2,
          assumed: true,
          host: 'host-1',
          failures: 1,
          seconds: 20,
          place: 3,
        },
      },
      evacuation: { from: 'host-1', waitingFor: { reason: 'no-migration' } },
      danger: ['io-error'],
      os: 'Ubuntu',
      labels: { team: 'db', 'app.kubernetes.io/name': '', toString: 'x' },
    }),
  ],
  finished: [finished('m0', 'a', { reason: 'x', createdAt: null, evidence: 'e', requested: 'host-3', overAt: 5 })],
  goneHosts: ['host-9'],
  goneVms: ['default/b'],
  digest: '0123456789abcdef',
};

/** CHANGES with the value at the path replaced. */
function bend(path: string, value: unknown): unknown {
  const bent = structuredClone(CHANGES) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, bent);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return bent;
}

const longKey = (chars: number): string => `${'a'.repeat(chars - 64)}/${'x'.repeat(63)}`;

describe('a batch', () => {
  test('comes through as it is', () => {
    expect(parseBatch(CHANGES)).toEqual({ ok: true, value: CHANGES });
  });

  test.each([
    ['vms.0.flavour', 'vanilla'],
    ['weather', { sun: { shines: true } }],
    ['vms.0.transit.waitingFor.mood', []],
    ['__proto__', true],
  ])('U8: a field that is not known, %s, is ignored and counted', (path, value) => {
    const bent = JSON.parse(JSON.stringify(bend(path, 'X')).replace('"X"', JSON.stringify(value)));
    if (path === '__proto__') Object.defineProperty(bent, path, { value, enumerable: true });
    expect(parseBatch(bent)).toEqual({ ok: true, value: CHANGES });
    expect(countUnknownFields(bent, CHANGES)).toBe(1);
  });

  test.each<[string, unknown]>([
    ['kind', 'gossip'],
    ['session', 0],
    ['session', 1.5],
    ['number', '1'],
    ['number', 2 ** 53],
    ['digest', '0123456789ABCDEF'],
    ['hosts', undefined],
    ['hosts.0.name', 'Host 1'],
    ['hosts.0.state', 'sleepy'],
    ['hosts.0.cpu', -1],
    ['hosts.0.memory', Number.POSITIVE_INFINITY],
    ['vms.0.id', 'default'],
    ['vms.0.namespace', 'a.b'],
    ['vms.0.uid', undefined],
    ['vms.0.host', ''],
    ['vms.0.host', undefined],
    ['vms.0.migratable.ok', undefined],
    ['vms.0.transit.stage', 'done'],
    ['hosts.0.drain.here', -1],
    ['hosts.0.drain.because', 'of you'],
    ['hosts.0.drain.safe', undefined],
    ['vms.0.transit.suspended', false],
    ['vms.0.transit.peer.direction', 'sideways'],
    ['vms.0.transit.peer.host', 'Not a host!'],
    ['vms.0.transit.waitingFor', 'the moon'],
    ['vms.0.transit.waitingFor.reason', 'the moon'],
    ['vms.0.transit.waitingFor.place', 0],
    ['vms.0.transit.waitingFor.seconds', 2 ** 60],
    ['vms.0.evacuation.from', null],
    ['finished.0.overAt', -1],
    ['vms.0.transit', null],
    ['vms.0.danger.0', 'dragons'],
    ['vms.0.labels', 'team=db'],
    ['vms.0.labels', null],
    ['vms.0.labels', {}],
    ['finished.0.outcome', 'maybe'],
    ['finished.0.createdAt', 'yesterday'],
    ['goneVms.0', 'b'],
  ])('%s = %j is refused at its place', (path, value) => {
    expect(parseBatch(bend(path, value))).toMatchObject({ ok: false, error: { code: 'invalid', extra: { at: path } } });
  });

  /** The longest that passes, and one more. Lists of things that are checked one by one are filled with good ones. */
  test.each<[string, string, (length: number) => unknown, number]>([
    ['hosts.0.name', 'name-too-long', (length) => 'a'.repeat(length), MAX_NAME_CHARS],
    ['vms.0.transit.id', 'name-too-long', (length) => 'a'.repeat(length), MAX_UID_CHARS],
    ['goneVms.0', 'name-too-long', (length) => `a/${'b'.repeat(length - 2)}`, MAX_LABEL_CHARS + 1 + MAX_NAME_CHARS],
    ['vms.0.reason', 'text-too-long', (length) => 'é'.repeat(length), MAX_TEXT_CHARS],
    ['vms.0.transit.evidence', 'text-too-long', (length) => 'x'.repeat(length), MAX_TEXT_CHARS],
    ['hosts.0.reasons', 'list-too-long', (length) => Array.from({ length }, () => 'r'), MAX_LIST_COUNT],
    ['vms.0.labels', 'name-too-long', (length) => ({ team: 'x'.repeat(length) }), MAX_LABEL_VALUE_CHARS],
    ['vms.0.labels', 'name-too-long', (length) => ({ [longKey(length)]: 'x' }), MAX_LABEL_KEY_CHARS],
    ['vms.0.labels', 'list-too-long', (length) => Object.fromEntries(Array.from({ length }, (_, n) => [`l${n}`, ''])), MAX_LABELS_COUNT],
    ['vms.0.danger', 'list-too-long', (length) => Array.from({ length }, () => 'io-error'), DANGERS.length],
  ])('%s: %s past its limit', (path, code, make, limit) => {
    expect(parseBatch(bend(path, make(limit)))).toMatchObject({ ok: true });
    expect(parseBatch(bend(path, make(limit + 1)))).toMatchObject({ ok: false, error: { code, extra: { at: path } } });
  });

  test.each([
    [{ team: 'a b' }],
    [{ team: '\u202edb' }],
    [{ team: 7 }],
    [{ team: null }],
    [{ 'my team': 'db' }],
    [{ 'secret\n.labels.x': 'db' }],
    [{ [`${'x'.repeat(64)}`]: 'db' }],
  ])('labels %j are refused, and not repeated', (labels) => {
    const refused = parseBatch(bend('vms.0.labels', labels));
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid', extra: { at: 'vms.0.labels' } } });
    expect(JSON.stringify(refused)).not.toMatch(/team|secret|xxx/);
  });

  test('a namespace has its own, shorter limit', () => {
    const withNamespace = (length: number) => {
      const namespace = 'a'.repeat(length);
      return parseBatch({ ...CHANGES, vms: [{ ...CHANGES.vms[0], namespace, id: `${namespace}/a` }] });
    };
    expect(withNamespace(MAX_LABEL_CHARS)).toMatchObject({ ok: true });
    expect(withNamespace(MAX_LABEL_CHARS + 1)).toMatchObject({ ok: false, error: { code: 'name-too-long' } });
  });

  test('as many entities as a cluster that is replaced by another, of all kinds together, and one more', () => {
    const goneVms = Array.from({ length: MAX_ENTITIES_PER_BATCH_COUNT - 4 }, () => 'a/b');
    expect(parseBatch({ ...CHANGES, goneVms })).toMatchObject({ ok: true });
    expect(parseBatch({ ...CHANGES, goneVms: [...goneVms, 'a/b'] })).toMatchObject({ ok: false, error: { code: 'too-many-entities' } });
  });

  test.each([
    ['because', 'empty'],
    ['safe', true],
    ['waiting', 4],
  ])('a drain that contradicts itself: %s = %s', (field, value) => {
    const refused = { ok: false, error: { code: 'invalid', extra: { at: 'hosts.0.drain' } } };
    expect(parseBatch(bend(`hosts.0.drain.${field}`, value))).toMatchObject(refused);
  });

  test('an id that is not namespace/name would be two VMs', () => {
    expect(parseBatch(bend('vms.0.id', 'default/b'))).toMatchObject({ ok: false, error: { code: 'invalid', extra: { at: 'vms.0' } } });
  });

  test.each([null, [], 'text', 7, {}])('%j is no batch', (input) => {
    expect(parseBatch(input)).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });
});

test('a session', () => {
  const request = { protocol: 1, clusterUid: 'u', forwarder: '0.1.0' };
  expect(parseOpenSession(request)).toEqual({ ok: true, value: request });
  expect(parseOpenSession({ ...request, clusterUid: '' })).toMatchObject({ ok: false, error: { extra: { at: 'clusterUid' } } });
});

test.each([
  [{}, '`expiresInSeconds` is missing.'],
  [{ expiresInSeconds: 5 }, '`expiresInSeconds`: expected >=60.'],
  [{ expiresInSeconds: 60, clusters: [] }, '`clusters`: expected some text.'],
  [null, 'The body: expected Object.'],
])('what is wrong with %j is said in words', (wish, detail) => {
  expect(parseShareWish(wish)).toMatchObject({ ok: false, error: { detail } });
});

test('a registration', () => {
  expect(parseRegistration({ cluster: 'lab-1', extra: 1 })).toEqual({ ok: true, value: { cluster: 'lab-1' } });
  expect(['a', 'a-b', '1', 'a'.repeat(63)].every(isClusterName)).toBe(true);
  expect(['', '-a', 'a-', 'A', 'a.b', 'a b', '__proto__', 'a'.repeat(64)].some(isClusterName)).toBe(false);
});
