import { effect, type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClusterState, stateOf } from '../../../core/cluster-state.ts';
import type { Host, Vm } from '../../../core/model.ts';
import { type AnnouncementModel, createAnnouncementModel, tellHappenings } from '../../../web/news/announcement-model.ts';
import type { Happening } from '../../../web/news/happenings.ts';
import { itemsOf } from '../../../web/news/pile.ts';
import type { Badge } from '../../../web/stream/badge.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import type { Past } from '../../../web/stream/connection-model.ts';

const moved: Happening = { kind: 'moved', vm: 'default/ubuntu', name: 'ubuntu', from: 'host-1', to: 'host-2' };
const drained: Happening = { kind: 'drained', host: 'host-1', name: 'host-1' };
const empty: Host = {
  name: 'host-1',
  state: 'maintenance',
  reasons: [],
  roles: [],
  drain: { here: 0, moving: 0, stopping: 0, waiting: 0, stuck: 0, arriving: 0, safe: true, because: 'empty', were: 1, since: 1 },
};

const ubuntu: Vm = {
  id: 'default/ubuntu',
  namespace: 'default',
  name: 'ubuntu',
  host: 'host-2',
  state: 'running',
  migratable: { ok: true },
};
const inUse: Host = { name: 'host-1', state: 'active', reasons: [], roles: [] };

let badge: Signal<Badge>;
let past: Signal<Past | null>;
let localNow: Signal<number>;
let state: ClusterState;
let model: AnnouncementModel;
let stop: () => void;

const tell = (...happenings: Happening[]): void =>
  tellHappenings(happenings, { state, isReplaced: false, vms: new Set(), hosts: new Set() });
const told = (): string[] => model.toasts.value.shown.flatMap(({ pile }) => itemsOf(pile).map(({ kind }) => kind));
const announced = (): string[] => {
  vi.advanceTimersByTime(5_000);
  return model.announcement.value.happenings.map(({ kind }) => kind);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => {}, removeEventListener: () => {} });
  badge = signal<Badge>({ kind: 'live' });
  past = signal<Past | null>(null);
  localNow = signal(0);
  state = stateOf({ cursor: 'e-1', digest: '', hosts: [empty], vms: [ubuntu] });
  const session = {
    connection: { badge, past, localNow },
    cluster: { hasPicture: signal(true) },
    held: () => state,
  } as unknown as ClusterSession;
  model = createAnnouncementModel(session, () => localNow.peek());
  stop = model.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what happens on a board', () => {
  it('is told once, in the corner and aloud', () => {
    tell(moved);
    expect(told()).toEqual(['moved']);
    expect(announced()).toEqual(['moved']);
    expect(announced()).toEqual([]);
    localNow.value = 6_000;
    expect(told()).toEqual([]);
  });

  it('in the past is no news, and what was told goes when the past is shown', () => {
    tell(moved);
    past.value = { at: 1, lastHeard: 1 };
    expect(told()).toEqual([]);
    tell(moved);
    expect(told()).toEqual([]);
    expect(announced()).toEqual([]);
    past.value = null;
    tell(moved);
    expect(told()).toEqual(['moved']);
  });

  it('that a host is safe is never told of a picture that is not live', () => {
    tell(drained);
    expect(told()).toEqual(['drained']);
    badge.value = { kind: 'stale' };
    expect(told()).toEqual([]);
    expect(announced(), 'nor aloud a moment later').toEqual([]);
  });

  it('nor of one in which it is not any more', () => {
    tell(drained);
    state.hosts.set('host-1', inUse);
    tell(moved);
    expect(told()).toEqual(['moved']);
    expect(announced()).toEqual(['moved']);
  });

  it('that the connection comes and goes is told once in a while, and how it stands at the end always', () => {
    const spoken: string[] = [];
    const stopListening = effect(() => {
      const { told, isStanding } = model.warned.value;
      if (isStanding) spoken.push(told);
    });
    for (let second = 0; second < 25; second++) {
      badge.value = { kind: 'reconnecting', until: null, trouble: 'network' };
      badge.value = { kind: 'live' };
      localNow.value += 1_000;
    }
    expect(spoken.length).toBeLessThanOrEqual(3);
    localNow.value += 10_000;
    expect(spoken.at(-1)).toBe('back');
    const heard = spoken.length;
    badge.value = { kind: 'reconnecting', until: null, trouble: 'network' };
    localNow.value += 10_000;
    expect(spoken.slice(heard)).toEqual(['lost']);
    stopListening();
  });

  it('is told to nobody once the board is left', () => {
    stop();
    tell(moved);
    expect(told()).toEqual([]);
  });
});
