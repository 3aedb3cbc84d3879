/** The numbers that stand for a cluster, counted once and then kept up by frames. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOST_STATES, type Host, type Vm } from '../../core/model.ts';
import { isHostUp, summarize, Tally } from '../../core/summary.ts';
import { arbitraryHost, arbitraryVm } from '../support/arbitraries.ts';
import { runs } from '../support/runs.ts';

const vm = (name: string, rest: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: null,
  state: 'running',
  migratable: { ok: true },
  ...rest,
});
const moving = { id: 'm', stage: 'queued', cause: 'user', from: 'a', to: null, startedAt: 1 } as unknown as NonNullable<Vm['transit']>;
const failed = { outcome: 'failed' } as unknown as NonNullable<Vm['lastMigration']>;
const moved = { outcome: 'succeeded' } as unknown as NonNullable<Vm['lastMigration']>;

test('VMs are counted by state, those that move and those whose newest migration failed besides', () => {
  const vms = [vm('a'), vm('b', { transit: moving }), vm('c', { state: 'off', lastMigration: failed }), vm('d', { lastMigration: moved })];
  expect(summarize([], vms)).toEqual({
    hosts: { total: 0, up: 0 },
    vms: { total: 4, byState: { running: 3, off: 1 } },
    transits: 1,
    failures: 1,
    capacity: { cpu: { allocatable: 0, given: 0 }, memory: { allocatable: 0, given: 0 } },
  });
});

test('what hosts that are up can give is set beside what VMs on hosts are given; what is not known is said', () => {
  const host = (name: string, rest: Partial<Host> = {}): Host => ({ name, state: 'active', reasons: [], roles: [], ...rest });
  const hosts = [host('a', { cpu: 7.9, memory: 64 }), host('b', { cpu: 0.2, memory: 32 }), host('c', { cpu: 8, memory: 64, state: 'off' })];
  const vms = [vm('a', { host: 'a', cpu: 2, memory: 8 }), vm('b', { host: 'c', cpu: 4 }), vm('off', { state: 'off', cpu: 9, memory: 9 })];
  expect(summarize(hosts, vms).capacity).toEqual({
    cpu: { allocatable: 8.1, given: 6 },
    memory: { allocatable: 96, given: 8, unknown: 1 },
  });
  expect(summarize([...hosts, host('d', { cpu: 1 })], []).capacity).toEqual({
    cpu: { allocatable: 9.1, given: 0 },
    memory: { allocatable: null, given: 0 },
  });
});

test('hosts that are up are those that answer', () => {
  const hosts: Host[] = HOST_STATES.map((state) => ({ name: `host-${state}`, state, reasons: [], roles: [] }));
  const down = hosts.filter((host) => !isHostUp(host)).map(({ state }) => state);
  expect(down.toSorted()).toEqual(['in-progress', 'off', 'rebooting', 'starting', 'stopping', 'unavailable']);
  expect(summarize(hosts, []).hosts).toEqual({ total: hosts.length, up: hosts.length - down.length });
});

test('kept up by frames, the numbers are those of counting anew', () => {
  const frame = fc.record({
    hosts: fc.uniqueArray(arbitraryHost, { selector: ({ name }) => name, maxLength: 2 }),
    vms: fc.uniqueArray(arbitraryVm, { selector: ({ id }) => id, maxLength: 3 }),
    goneHosts: fc.array(fc.constantFrom('host-1', 'host-2'), { maxLength: 1 }),
    goneVms: fc.array(
      arbitraryVm.map(({ id }) => id),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
      const tally = new Tally([], []);
      const hosts = new Map<string, Host>();
      const vms = new Map<string, Vm>();
      for (const one of frames) {
        tally.apply(one);
        for (const name of one.goneHosts) hosts.delete(name);
        for (const id of one.goneVms) vms.delete(id);
        for (const host of one.hosts) hosts.set(host.name, host);
        for (const changed of one.vms) vms.set(changed.id, changed);
        expect(tally.counts).toEqual(summarize([...hosts.values()], [...vms.values()]));
      }
    }),
    runs(100),
  );
});
