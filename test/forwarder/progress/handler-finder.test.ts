import { describe, expect, test } from 'vitest';
import { err, ok, type Result } from '../../../core/result.ts';
import type { KubeFailure } from '../../../forwarder/kube-failure.ts';
import { HandlerFinder } from '../../../forwarder/progress/handler-finder.ts';
import { ManualClock } from '../manual-clock.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const pod = (ip: unknown, rest: object = {}): object => ({
  metadata: { name: 'virt-handler-x' },
  spec: {
    containers: [
      {
        name: 'virt-handler',
        ports: [
          { name: 'other', containerPort: 1 },
          { name: 'metrics', containerPort: 9443 },
        ],
      },
    ],
  },
  status: { phase: 'Running', podIP: ip },
  ...rest,
});
const pods = (...items: object[]): Result<string, KubeFailure> => ok(JSON.stringify({ kind: 'PodList', items }));
const authority = ok(JSON.stringify({ data: { 'ca-bundle': PEM } }));
const status = (code: number): Result<never, KubeFailure> => err({ kind: 'status', status: code, message: 'no', retryAfterMs: null });

function setUp(answers: Readonly<Record<string, () => Result<string, KubeFailure>>>, namespace: string | null = 'harvester-system') {
  const asked: string[] = [];
  const lines: string[] = [];
  const clock = new ManualClock();
  const line = (text: string): void => void lines.push(text);
  const finder = new HandlerFinder({
    client: {
      address: 'https://api',
      getText: async (path) => {
        asked.push(path);
        return answers[path.split('?')[0] ?? '']?.() ?? status(403);
      },
    },
    kubeVirtNamespace: () => namespace ?? undefined,
    clock,
    log: { debug: line, info: line, warn: line, error: line },
  });
  const find = (host = 'harv-1') => finder.find(host, new AbortController().signal);
  return { finder, find, asked, lines, clock };
}
const PODS = '/api/v1/namespaces/harvester-system/pods';
const AUTHORITY = '/api/v1/namespaces/harvester-system/configmaps/kubevirt-ca';

describe('a host’s virt-handler', () => {
  test('is asked for where KubeVirt is, alone, and remembered with the authority for ten minutes', async () => {
    const { find, asked, clock } = setUp({ [PODS]: () => pods(pod('10.0.0.7')), [AUTHORITY]: () => authority });
    const found = ok({ ip: '10.0.0.7', port: 9443, authority: PEM });
    expect(await find()).toEqual(found);
    const query = 'labelSelector=kubevirt.io%3Dvirt-handler&fieldSelector=spec.nodeName%3Dharv-1&resourceVersion=0';
    expect(asked).toEqual([`${PODS}?${query}`, AUTHORITY]);
    expect(await find()).toEqual(found);
    expect(await find('harv-2')).toEqual(found);
    expect(asked).toHaveLength(3);
    clock.advance(600_000);
    await find();
    expect(asked).toHaveLength(5);
  });

  test('is looked for again once it has failed, and the authority read again: it may have been renewed', async () => {
    const { finder, find, asked } = setUp({ [PODS]: () => pods(pod('10.0.0.7')), [AUTHORITY]: () => authority });
    await find();
    finder.forget('harv-1');
    await find();
    expect(asked).toHaveLength(4);
  });

  test('is one that runs, that stays, and that has an address', async () => {
    const leaving = pod('10.0.0.1', { metadata: { deletionTimestamp: '2026-11-25T00:00:00Z' } });
    const waiting = pod('10.0.0.2', { status: { phase: 'Pending', podIP: '10.0.0.2' } });
    const { find } = setUp({
      [PODS]: () => pods({}, leaving, waiting, pod('evil.example'), pod(7), pod('fd00::7')),
      [AUTHORITY]: () => authority,
    });
    expect(await find()).toMatchObject({ value: { ip: 'fd00::7' } });
  });

  test.each(['x', [{ name: 'metrics', containerPort: 65_536 }], [{ name: 'metrics', containerPort: '1' }]])(
    'has port 8443 where no port is called metrics, or it is none: %j',
    async (ports) => {
      const { find } = setUp({
        [PODS]: () => pods(pod('10.0.0.7', { spec: { containers: [{ ports }] } })),
        [AUTHORITY]: () => authority,
      });
      expect(await find()).toMatchObject({ value: { port: 8443 } });
    },
  );

  test('is looked for where KubeVirt is as a rule, where its object may not be read', async () => {
    const answers = { '/api/v1/namespaces/kubevirt/pods': () => pods(), [PODS]: () => pods(pod('10.0.0.7')), [AUTHORITY]: () => authority };
    const { find, asked } = setUp(answers, null);
    expect(await find()).toMatchObject({ ok: true });
    expect(asked.map((path) => path.split('?')[0])).toEqual(['/api/v1/namespaces/kubevirt/pods', PODS, AUTHORITY]);
  });
});

test('where it is only guessed where KubeVirt is, one that cannot be checked comes after one that can', async () => {
  const answers = {
    '/api/v1/namespaces/kubevirt/pods': () => pods(pod('10.6.6.6')),
    [PODS]: () => pods(pod('10.0.0.7')),
    [AUTHORITY]: () => authority,
  };
  const { find, lines } = setUp(answers, null);
  expect(await find()).toEqual(ok({ ip: '10.0.0.7', port: 9443, authority: PEM }));
  expect(lines).toEqual([]);
  const { find: findUnchecked, lines: said } = setUp({ ...answers, [AUTHORITY]: () => status(404) }, null);
  expect(await findUnchecked()).toMatchObject({ value: { ip: '10.6.6.6', authority: null } });
  expect(said).toHaveLength(1);
});

describe('it is not found', () => {
  test.each<[string, () => Result<string, KubeFailure>, RegExp]>([
    [
      'no right',
      () => status(403),
      /not allowed to list pods in harvester-system; grant it \(deploy\/forwarder\/progress\), or leave out --progress$/,
    ],
    ['no pod', () => pods(), /no virt-handler runs on harv-1$/],
    ['no list', () => ok('<html>'), /list of pods in harvester-system cannot be read$/],
    [
      'no server',
      () => err({ kind: 'unreachable', reason: 'connection refused' }),
      /cannot reach the API server https:\/\/api: connection refused/,
    ],
  ])('%s', async (_what, answer, problem) => {
    const { find } = setUp({ [PODS]: answer });
    expect(await find()).toMatchObject({ ok: false, error: { problem: expect.stringMatching(problem) } });
  });
});

describe('KubeVirt’s authority', () => {
  test.each<[string, () => Result<string, KubeFailure>]>([
    ['may not be read', () => status(403)],
    ['is not there', () => status(404)],
    ['holds no certificate', () => ok('{"data":{"ca-bundle":"x"}}')],
  ])('where it %s, certificates are not checked, which is said once', async (_what, answer) => {
    const { find, lines } = setUp({ [PODS]: () => pods(pod('10.0.0.7')), [AUTHORITY]: answer });
    expect(await find()).toMatchObject({ ok: true, value: { authority: null } });
    await find('harv-2');
    expect(lines).toEqual([expect.stringMatching(/not checked.*grant get on it/)]);
  });

  test('where reading it fails for another reason, nothing is trusted instead', async () => {
    const { find } = setUp({ [PODS]: () => pods(pod('10.0.0.7')), [AUTHORITY]: () => status(500) });
    expect(await find()).toMatchObject({ ok: false, error: { topic: 'authority status 500' } });
  });
});
