import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateOf } from '../../../core/cluster-state.ts';
import { DETAIL_INTERVAL_MS } from '../../../web/details/detail-refresh.ts';
import { openVmDetail, type VmDetailModel } from '../../../web/details/vm-detail-model.ts';
import type { Changes } from '../../../web/rendering/frame.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import type { Past } from '../../../web/stream/connection-model.ts';

const DETAIL = '/api/v1/clusters/lab/vms/default/a';
const HISTORY = `${DETAIL}/history`;
const STATE = stateOf({ cursor: null, digest: '', hosts: [], vms: [] });

let asked: string[];
let answer: (address: string) => Response;
let paint: (changes: Changes) => void;
const past = signal<Past | null>(null);
let model: VmDetailModel;

const changed = (vms: readonly string[], isReplaced = false): void =>
  paint({ state: STATE, isReplaced, vms: new Set(vms), hosts: new Set() });
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const problem = (status: number, code: string, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify({ code }), { status, headers });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = [];
  past.value = null;
  answer = (address) => new Response(JSON.stringify(address === DETAIL ? { uid: 'u', places: [] } : { places: [], migrations: [] }));
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    return answer(address);
  });
  const session = {
    name: 'lab',
    connection: { past },
    followCommits: (follow: (changes: Changes) => void) => {
      paint = follow;
      return () => {
        paint = () => {};
      };
    },
  } as unknown as ClusterSession;
  model = openVmDetail(session, 'default/a');
  expect(model.isPending.peek()).toBe(true);
  await settle();
});
afterEach(() => {
  model.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the details of a VM', () => {
  it('are read once by themselves, and then only when a frame changes this VM', async () => {
    expect(asked).toEqual([DETAIL, HISTORY]);
    expect(model.isPending.peek()).toBe(false);
    expect(model.detail.peek()?.uid).toBe('u');
    await vi.advanceTimersByTimeAsync(60_000);
    changed(['default/b']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
    changed(['default/b', 'default/a']);
    await settle();
    expect(asked).toHaveLength(4);
    // The whole picture is another one.
    await vi.advanceTimersByTimeAsync(DETAIL_INTERVAL_MS);
    changed([], true);
    await settle();
    expect(asked).toHaveLength(6);
  });

  it('are not read because the past is painted', async () => {
    past.value = { at: 1, lastHeard: 1 };
    changed(['default/a'], true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });

  it('are of a VM that is gone what is kept of it', async () => {
    answer = (address) => (address === DETAIL ? problem(404, 'unknown-vm') : new Response('{"places":[],"migrations":[]}'));
    model.ask();
    await settle();
    expect([model.detail.peek(), model.failure.peek()]).toEqual([null, null]);
    expect(model.history.peek()).not.toBeNull();
    answer = () => problem(404, 'unknown-vm');
    model.ask();
    await settle();
    expect([model.history.peek(), model.failure.peek()]).toEqual([null, null]);
  });

  it('stay as they were where they cannot be read, and are not asked for in vain', async () => {
    answer = () => problem(503, 'unavailable');
    model.ask();
    await settle();
    expect(model.failure.peek()).toMatchObject({ kind: 'trouble' });
    expect(model.detail.peek()?.uid).toBe('u');
    // What failed first says enough.
    expect(asked.slice(2)).toEqual([DETAIL]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(3);
  });

  it('are read again when the room says when, and not before', async () => {
    answer = () => problem(429, 'too-many-reads', { 'retry-after': '30' });
    model.ask();
    await settle();
    changed(['default/a']);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(asked).toHaveLength(3);
    answer = () => new Response('{"places":[],"migrations":[]}');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(5);
    expect(model.failure.peek()).toBeNull();
  });

  it('are asked for by nobody once they are closed', async () => {
    changed(['default/a']);
    model.close();
    changed(['default/a']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });
});
