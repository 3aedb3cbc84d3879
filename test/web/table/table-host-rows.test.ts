import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../core/cluster-state.ts';
import type { Host, HostName, Vm } from '../../../core/model.ts';
import { createClusterModel } from '../../../web/board/cluster-model.ts';
import { createPicture } from '../../../web/board/picture-model.ts';
import type { Changes } from '../../../web/rendering/frame.ts';
import { createHostRows, hostRowOf } from '../../../web/table/table-host-rows.ts';
import type { HostSort } from '../../../web/table/table-sorting.ts';

const host = (name: HostName, extra: Partial<Host> = {}): Host => ({ name, state: 'active', reasons: [], roles: [], ...extra });
const vm = (name: string, on: HostName, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: on,
  state: 'running',
  migratable: { ok: true },
  ...extra,
});

function open(hosts: readonly Host[], vms: readonly Vm[], column: HostSort = 'name', isDescending = false) {
  const cluster = createClusterModel();
  const state = stateOf({ cursor: 'e-0', digest: '', hosts, vms });
  let follow: (changes: Changes) => void = () => {};
  const picture = createPicture({
    cluster,
    followCommits(next) {
      follow = next;
      return () => {};
    },
  });
  const paint = (changes: Changes): void => {
    cluster.paint(changes);
    follow(changes);
  };
  paint({ state, isReplaced: true, vms: new Set(), hosts: new Set() });
  picture.start();
  const rows = createHostRows(cluster, picture, { column, isDescending });
  rows.start();
  return {
    cluster,
    rows,
    change(changed: { readonly hosts?: readonly Host[]; readonly vms?: readonly Vm[]; readonly goneHosts?: readonly HostName[] }) {
      for (const each of changed.hosts ?? []) state.hosts.set(each.name, each);
      for (const each of changed.vms ?? []) state.vms.set(each.id, each);
      for (const name of changed.goneHosts ?? []) state.hosts.delete(name);
      const names = [...(changed.hosts ?? []).map(({ name }) => name), ...(changed.goneHosts ?? [])];
      paint({ state, isReplaced: false, hosts: new Set(names), vms: new Set((changed.vms ?? []).map(({ id }) => id)) });
    },
  };
}

describe("the rows of the hosts' table", () => {
  it('are all hosts, also those that only a VM names', () => {
    const { rows, change } = open([host('host-10'), host('host-9')], [vm('web', 'host-9')]);
    expect(rows.ids.value).toEqual(['host-9', 'host-10']);
    change({ vms: [vm('db', 'host-1')] });
    expect(rows.ids.value).toEqual(['host-1', 'host-9', 'host-10']);
    change({ goneHosts: ['host-10'] });
    expect(rows.ids.value).toEqual(['host-1', 'host-9']);
    // It is held up by its VM.
    change({ goneHosts: ['host-9'] });
    expect(rows.ids.value).toEqual(['host-1', 'host-9']);
  });

  it('are none of a host that has come and gone between two commits', () => {
    const { rows, change } = open([host('host-2')], []);
    change({ hosts: [host('host-1')], goneHosts: ['host-1'] });
    expect(rows.ids.value).toEqual(['host-2']);
  });

  it('follow what they are sorted by, be it of the host or of its VMs', () => {
    const { rows, change } = open([host('host-1'), host('host-2')], [vm('web', 'host-1')], 'vms', true);
    expect(rows.ids.value).toEqual(['host-1', 'host-2']);
    change({ vms: [vm('a', 'host-2'), vm('b', 'host-2')] });
    expect(rows.ids.value).toEqual(['host-2', 'host-1']);
    rows.sortBy({ column: 'state', isDescending: false });
    change({ hosts: [host('host-1', { state: 'unavailable' })] });
    expect(rows.ids.value).toEqual(['host-1', 'host-2']);
    rows.sortBy({ column: 'name', isDescending: false });
    change({ hosts: [host('host-1', { displayName: 'z' })] });
    expect(rows.ids.value).toEqual(['host-2', 'host-1']);
  });

  it('count as the cards do', () => {
    const transit = { id: 'm', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 0 } as const;
    const { cluster } = open([host('host-1'), host('host-2')], [vm('web', 'host-1', { transit }), vm('db', 'host-1')]);
    expect(hostRowOf(cluster, 'host-1')).toEqual({ name: 'host-1', host: host('host-1'), vms: 2, arriving: 0, leaving: 1 });
    expect(hostRowOf(cluster, 'host-2')).toEqual({ name: 'host-2', host: host('host-2'), vms: 0, arriving: 1, leaving: 0 });
    expect(hostRowOf(cluster, 'host-3')).toEqual({ name: 'host-3', host: undefined, vms: 0, arriving: 0, leaving: 0 });
  });
});
