import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type ClusterState, stateOf } from '../../../core/cluster-state.ts';
import { digestOf, formatDigest } from '../../../core/digest.ts';
import type { Frame } from '../../../core/downlink.ts';
import type { Host, Vm } from '../../../core/model.ts';
import { type Changes, createFrameBuffer } from '../../../web/rendering/frame.ts';
import {
  createDigestWatch,
  type DigestWatch,
  DRIFT_INTERVAL_MS,
  formatDrift,
  isDriftDue,
  SLICE_ENTITIES_COUNT,
} from '../../../web/stream/digest-watch.ts';
import { arbitraryHost, arbitraryVm } from '../../support/arbitraries.ts';
import { runs } from '../../support/runs.ts';

const vm = (name: string, extra: Partial<Vm> = {}): Vm => ({
  id: `a/${name}`,
  namespace: 'a',
  name,
  host: 'h',
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const host = (name: string): Host => ({ name, state: 'active', reasons: [], roles: [] });

/** A page without a screen: a frame buffer whose commits are made by hand, and the watch that follows them. */
function openPage(told: { readonly hosts: readonly Host[]; readonly vms: readonly Vm[] }) {
  const watch = createDigestWatch();
  let commit = (): void => {};
  const buffer = createFrameBuffer(
    (run) => {
      commit = run;
      return () => {};
    },
    (changes: Changes) => watch.read(changes),
  );
  let revision = 1;
  /** What the room holds, and digests. */
  const room = stateOf({ cursor: 'e-1', digest: '', ...told });
  const digest = (): string => formatDigest(digestOf(room.hosts.values(), room.vms.values()));
  const putSnapshot = (vms: readonly Vm[] = [...room.vms.values()]): void =>
    buffer.putSnapshot({
      cluster: 'c',
      cursor: `e-${revision}`,
      now: 0,
      lastHeard: 0,
      digest: digest(),
      hosts: [...room.hosts.values()],
      vms,
    });
  return {
    watch,
    held: () => buffer.held(),
    commit: () => commit(),
    putSnapshot,
    /** The room commits the one, and the page is sent the other. */
    change(change: Partial<Frame>, sent: Partial<Frame> = change) {
      for (const name of change.goneHosts ?? []) room.hosts.delete(name);
      for (const id of change.goneVms ?? []) room.vms.delete(id);
      for (const each of change.hosts ?? []) room.hosts.set(each.name, each);
      for (const each of change.vms ?? []) room.vms.set(each.id, each);
      const put = buffer.putFrame({ from: `e-${revision}`, to: `e-${++revision}`, at: 0, digest: digest(), ...sent });
      if (!put.ok) throw new Error('the frame does not follow');
    },
  };
}

const digestAll = (watch: DigestWatch): void => {
  while (watch.digestSlice());
};

const changes = fc.record({
  hosts: fc.uniqueArray(arbitraryHost, { selector: ({ name }) => name, maxLength: 3 }),
  vms: fc.uniqueArray(arbitraryVm, { selector: ({ id }) => id, maxLength: 4 }),
  goneHosts: fc.subarray(['host-1', 'host-2', 'host-3']),
  goneVms: fc.subarray(['default/ubuntu', 'default/debian', 'prod/windows', 'prod/suse']),
});
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: changes },
    { weight: 3, arbitrary: fc.constant('commit' as const) },
    { weight: 2, arbitrary: fc.constant('slice' as const) },
    { weight: 1, arbitrary: fc.constant('snapshot' as const) },
  ),
  { maxLength: 20 },
);

test('D6: frames, commits and slices in any order never tell a drift of a picture that is right, and at the end it is compared', () => {
  fc.assert(
    fc.property(steps, (played) => {
      const page = openPage({ hosts: [host('host-1')], vms: [vm('first')] });
      page.putSnapshot();
      for (const step of played) {
        if (step === 'commit') page.commit();
        else if (step === 'slice') page.watch.digestSlice();
        else if (step === 'snapshot') page.putSnapshot();
        else page.change(step);
        expect(page.watch.compare()).toBeNull();
      }
      page.commit();
      digestAll(page.watch);
      expect(page.watch.compare()).toBeNull();
      // It was not silent for want of looking.
      page.change({}, { vms: [vm('forged')] });
      page.commit();
      digestAll(page.watch);
      expect(page.watch.compare()).not.toBeNull();
    }),
    runs(200),
  );
});

test('D6: whichever derived field of a frame arrives as another, the next comparison finds it', () => {
  fc.assert(
    fc.property(arbitraryVm, arbitraryVm, (right, wrong) => {
      fc.pre(formatDigest(digestOf([], [right])) !== formatDigest(digestOf([], [wrong])));
      const page = openPage({ hosts: [host('host-1')], vms: [vm('first'), vm('second')] });
      page.putSnapshot();
      page.commit();
      digestAll(page.watch);
      page.change({ vms: [right] }, { vms: [wrong] });
      page.commit();
      digestAll(page.watch);
      const drift = page.watch.compare();
      const state = page.held() as ClusterState;
      expect(drift).toEqual({
        cursor: 'e-2',
        own: formatDigest(digestOf(state.hosts.values(), state.vms.values())),
        told: state.digest,
      });
    }),
    runs(100),
  );
});

describe('the watch of the digest (D6)', () => {
  it('finds one that is missing from the snapshot, tells it until it is repaired, and starts anew with the next snapshot', () => {
    const page = openPage({ hosts: [host('h')], vms: [vm('one'), vm('two')] });
    page.putSnapshot([vm('one')]);
    page.commit();
    digestAll(page.watch);
    expect(page.watch.compare()).toMatchObject({ cursor: 'e-1' });
    page.change({ vms: [vm('three')] });
    page.commit();
    digestAll(page.watch);
    expect(page.watch.compare()).toMatchObject({ cursor: 'e-2' });
    page.putSnapshot();
    page.commit();
    expect(page.watch.compare()).toBeNull();
    digestAll(page.watch);
    expect(page.watch.compare()).toBeNull();
  });

  it('finds one that vanished from what is held, as soon as anything happens to it', () => {
    const page = openPage({ hosts: [host('h')], vms: [vm('one'), vm('two')] });
    page.putSnapshot();
    page.commit();
    digestAll(page.watch);
    page.change({ vms: [vm('one', { state: 'paused' })] });
    page.held()?.vms.delete('a/one');
    page.commit();
    digestAll(page.watch);
    expect(page.watch.compare()).not.toBeNull();
  });

  it('begins with a picture that was painted before it came', () => {
    const page = openPage({ hosts: [host('h')], vms: [vm('one'), vm('two')] });
    page.putSnapshot([vm('one'), vm('two', { state: 'off' })]);
    const late = createDigestWatch();
    late.restart(page.held() as ClusterState);
    expect(late.compare()).toBeNull();
    digestAll(late);
    expect(late.compare()).toMatchObject({ cursor: 'e-1' });
  });

  it('says nothing while frames are held that no commit has named, nor before there is a cursor', () => {
    const page = openPage({ hosts: [], vms: [vm('one')] });
    page.putSnapshot();
    page.commit();
    digestAll(page.watch);
    page.change({ vms: [vm('two')] });
    expect(page.watch.compare()).toBeNull();
    const waiting = createDigestWatch();
    waiting.restart(stateOf({ cursor: null, digest: 'ffffffffffffffff', hosts: [], vms: [] }));
    digestAll(waiting);
    expect(waiting.compare()).toBeNull();
    expect(createDigestWatch().digestSlice()).toBe(false);
  });

  it('does not take a text that was fenced in for the reader (read-json.ts) for a drift, and compares again when it is gone', () => {
    const page = openPage({ hosts: [host('h')], vms: [vm('one')] });
    page.putSnapshot();
    page.commit();
    page.change({ vms: [vm('two', { displayName: 'שרת' })] }, { vms: [vm('two', { displayName: '\u2068שרת\u2069' })] });
    page.commit();
    digestAll(page.watch);
    expect(page.watch.compare()).toBeNull();
    page.change({ goneVms: ['a/two'] }, { goneVms: ['a/one', 'a/two'] });
    page.commit();
    digestAll(page.watch);
    expect(page.watch.compare()).not.toBeNull();
  });

  it('digests 10,000 VMs in slices that each are a small part of 5 ms of work', () => {
    const count = 10_000;
    let looked = 0;
    const watched = (name: string): Vm => {
      const each = vm(name);
      return Object.defineProperty({ ...each }, 'os', {
        enumerable: true,
        get: () => {
          looked++;
          return undefined;
        },
      }) as Vm;
    };
    const watch = createDigestWatch();
    watch.restart(
      stateOf({ cursor: 'e-1', digest: '', hosts: [host('h')], vms: Array.from({ length: count }, (_, at) => watched(`vm-${at}`)) }),
    );
    expect(looked).toBe(0);
    let slices = 0;
    let isBehind = true;
    // The digest reads each field once, and the search for fences once more.
    while (isBehind) {
      looked = 0;
      isBehind = watch.digestSlice();
      expect(looked).toBeLessThanOrEqual(2 * SLICE_ENTITIES_COUNT);
      slices++;
    }
    expect(slices).toBe(Math.ceil((count + 1) / SLICE_ENTITIES_COUNT));
    expect(SLICE_ENTITIES_COUNT).toBeLessThanOrEqual(250);
  });

  it('never has two pictures fetched within five minutes', () => {
    expect(isDriftDue('live', null, 0)).toBe(true);
    expect(isDriftDue('live', 1_000, 1_000 + DRIFT_INTERVAL_MS - 1)).toBe(false);
    expect(isDriftDue('live', 1_000, 1_000 + DRIFT_INTERVAL_MS)).toBe(true);
    expect(DRIFT_INTERVAL_MS).toBe(5 * 60_000);
  });

  it.each([
    ['live', true],
    ['stale', true],
    ['waiting', true],
    ['connecting', false],
    ['reconnecting', false],
    ['refused', false],
  ] as const)('acts on a drift while %s: %s', (kind, expected) => {
    expect(isDriftDue(kind, null, 0)).toBe(expected);
  });

  it('is told as cursor and own digest', () => {
    expect(formatDrift({ cursor: 'e-1', own: '0123456789abcdef', told: 'fedcba9876543210' })).toBe('e-1 0123456789abcdef');
  });
});
