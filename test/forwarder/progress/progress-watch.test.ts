import { describe, expect, test } from 'vitest';
import type { DerivedTransit, DerivedVm, VmId } from '../../../core/model.ts';
import type { Progress } from '../../../core/progress.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { HandlerFailure } from '../../../forwarder/progress/handler-failure.ts';
import { ProgressWatch } from '../../../forwarder/progress/progress-watch.ts';
import type { Reading } from '../../../forwarder/progress/reading.ts';
import { ManualClock } from '../manual-clock.ts';

const TRANSIT: DerivedTransit = { id: 'm-1', stage: 'preparing', cause: 'user', from: 'host-1', to: 'host-2' };
const vm = (transit?: Partial<DerivedTransit>, name = 'web'): DerivedVm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  uid: 'u',
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...(transit !== undefined && { transit: { ...TRANSIT, ...transit } }),
});
/** Lets what was promised happen. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

type Answer = Result<ReadonlyMap<VmId, Reading>, HandlerFailure>;

function setUp() {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const vms = new Map<VmId, DerivedVm>();
  const sent: (readonly Progress[])[] = [];
  const asked: string[] = [];
  const warnings: string[] = [];
  const outcomes: string[] = [];
  const state = { isWanted: true, send: async (): Promise<void> => {}, forgotten: [] as string[] };
  /** What each host's handler answers; by default it copies at a steady pace. */
  const answers = new Map<string, () => Answer>();
  const measured = (processed: number): Answer =>
    ok(new Map([['default/web', { at: clock.now(), processed, remaining: 100 - processed }]]));
  answers.set('host-1', () => measured(Math.min(100, clock.now() / 1_000)));
  answers.set('host-2', () => ok(new Map()));
  const watch = new ProgressWatch({
    vms: () => vms,
    isWanted: () => state.isWanted,
    finder: {
      find: async (host) => ok({ ip: host, port: 1, authority: null }),
      forget: (host) => void state.forgotten.push(host),
    },
    readHandler: async ({ ip }) => {
      asked.push(`${ip} ${clock.now() / 1_000}`);
      return answers.get(ip)?.() ?? err({ kind: 'unreachable', reason: 'nobody' });
    },
    send: async (progress) => {
      sent.push(progress);
      await state.send();
    },
    clock,
    random: () => 0.5,
    log: {
      debug: () => {},
      info: (text) => void warnings.push(`info: ${text}`),
      warn: (text) => void warnings.push(text),
      error: () => {},
    },
    telemetry: { measured: (outcome) => void outcomes.push(outcome) },
  });
  watch.run(stopping.signal);
  /** Half a second at a time, as if the event loop ran. */
  const pass = async (seconds: number): Promise<void> => {
    for (let step = 0; step < seconds * 2; step++) {
      clock.advance(500);
      await settle();
    }
  };
  const show = (...shown: DerivedVm[]): void => {
    vms.clear();
    for (const each of shown) vms.set(each.id, each);
    watch.wake();
  };
  return { clock, stopping, sent, asked, warnings, outcomes, state, answers, measured, watch, pass, show };
}

describe('while nothing moves', () => {
  test('nobody is asked, and no timer is left', async () => {
    const { show, pass, asked, clock } = setUp();
    show(vm(), vm({ stage: 'scheduling' }, 'db'));
    await pass(60);
    expect(asked).toEqual([]);
    expect(clock.pendingMs).toEqual([]);
  });

  test('nor afterwards', async () => {
    const { show, pass, asked, clock } = setUp();
    show(vm({}));
    await pass(6);
    show(vm());
    await pass(10);
    const count = asked.length;
    await pass(60);
    expect(asked).toHaveLength(count);
    expect(clock.pendingMs).toEqual([]);
  });
});

describe('while a VM moves', () => {
  test('U9: both hosts are asked every five seconds, and what the source’s has measured since is told', async () => {
    const { show, pass, asked, sent } = setUp();
    show(vm({}));
    await pass(16);
    expect(asked.filter((line) => line.startsWith('host-1'))).toEqual(['host-1 0.5', 'host-1 5.5', 'host-1 10.5', 'host-1 15.5']);
    expect(asked.filter((line) => line.startsWith('host-2'))).toHaveLength(4);
    // The first answer only sets the mark; each later one makes one report, though two handlers answer.
    expect(sent.map(([one, ...more]) => [one?.migration, one?.percent, more.length])).toEqual([
      ['m-1', 5.5, 0],
      ['m-1', 10.5, 0],
      ['m-1', 15.5, 0],
    ]);
  });

  test('the target’s is heard where the source’s says nothing', async () => {
    const { show, pass, answers, measured, sent } = setUp();
    answers.set('host-1', () => ok(new Map()));
    answers.set('host-2', () => measured(70));
    show(vm({}));
    await pass(6);
    expect(sent).toEqual([[{ vm: 'default/web', migration: 'm-1', percent: 70, remaining: 30 }]]);
  });

  test.each<[string, (now: number) => Answer]>([
    ['says nothing of it any more', () => ok(new Map())],
    ['says the same again', (now) => ok(new Map([['default/web', { at: now, processed: 10.5, remaining: 89.5 }]]))],
    ['is gone', () => err({ kind: 'unreachable', reason: 'gone' })],
  ])('where the source’s handler %s, what it measured last is not told again, whoever else answers', async (_what, answer) => {
    const { show, pass, answers, sent, clock } = setUp();
    show(vm({}));
    await pass(11);
    expect(sent.map(([one]) => one?.percent)).toEqual([5.5, 10.5]);
    const last = clock.now() - 500;
    answers.set('host-1', () => answer(last));
    await pass(60);
    expect(sent).toHaveLength(2);
  });

  test('the VM’s next migration begins with nothing known', async () => {
    const { show, pass, sent } = setUp();
    show(vm({}));
    await pass(11);
    show(vm({ id: 'm-2' }));
    await pass(1);
    const told = sent.length;
    await pass(10);
    expect(
      sent
        .slice(told)
        .flat()
        .map(({ migration }) => migration),
    ).not.toContain('m-1');
  });

  test('nobody is asked while there is nobody to tell, and all goes on when there is', async () => {
    const { show, pass, asked, state, sent } = setUp();
    state.isWanted = false;
    show(vm({}));
    await pass(30);
    expect(asked).toEqual([]);
    state.isWanted = true;
    await pass(12);
    expect(sent.length).toBeGreaterThan(0);
  });

  test('one report is under way at a time, and what waited is told as it is then', async () => {
    const { show, pass, state, sent } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    state.send = () => promise;
    show(vm({}));
    await pass(20);
    expect(sent).toHaveLength(1);
    state.send = async () => {};
    resolve();
    await settle();
    expect(sent.map(([one]) => one?.percent)).toEqual([5.5, 15.5]);
  });

  test('stopped, it asks nobody and tells nothing', async () => {
    const { show, pass, asked, sent, stopping } = setUp();
    show(vm({}));
    await pass(7);
    stopping.abort();
    const before = [asked.length, sent.length];
    await pass(30);
    expect([asked.length, sent.length]).toEqual(before);
  });
});

describe('a handler that fails', () => {
  test('is said once, asked more and more seldom, and its end is said', async () => {
    const { show, pass, asked, answers, measured, warnings, outcomes, state } = setUp();
    const failing = (): Answer => err({ kind: 'unreachable', reason: 'no answer in time' });
    answers.set('host-1', failing);
    answers.set('host-2', failing);
    show(vm({}));
    await pass(600);
    expect(warnings).toEqual([
      expect.stringMatching(/^no progress of migrations: the virt-handler of host-1 .*no answer in time; run the forwarder inside/),
    ]);
    const times = asked.filter((line) => line.startsWith('host-1')).map((line) => Number(line.split(' ')[1]));
    expect(times.length).toBeLessThan(12);
    expect(state.forgotten).toHaveLength(asked.length);
    expect(new Set(outcomes)).toEqual(new Set(['unreachable']));
    answers.set('host-1', () => measured(1));
    answers.set('host-2', () => measured(1));
    await pass(600);
    expect(warnings.slice(1)).toEqual(['info: the progress of migrations is measured again']);
  });
});
