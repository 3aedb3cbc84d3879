import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFrame, type ClusterState, composeFrames, stateOf } from '../../core/cluster-state.ts';
import type { Frame } from '../../core/downlink.ts';
import type { Host, Vm } from '../../core/model.ts';
import { arbitraryHost, arbitraryVm } from '../support/arbitraries.ts';
import { diffEntities } from '../support/diff.ts';

const arbitraryState = fc.record({
  hosts: fc.uniqueArray(arbitraryHost, { selector: (host) => host.name }),
  vms: fc.uniqueArray(arbitraryVm, { selector: (vm) => vm.id }),
});
type Content = { readonly hosts: readonly Host[]; readonly vms: readonly Vm[] };

const snapshotAt = (revision: number, content: Content): ClusterState =>
  stateOf({ cursor: `e-${revision}`, digest: String(revision), hosts: content.hosts, vms: content.vms });

function frameBetween(revision: number, before: Content, after: Content): Frame {
  const hosts = diffEntities(new Map(before.hosts.map((host) => [host.name, host])), new Map(after.hosts.map((host) => [host.name, host])));
  const vms = diffEntities(new Map(before.vms.map((vm) => [vm.id, vm])), new Map(after.vms.map((vm) => [vm.id, vm])));
  return {
    from: `e-${revision}`,
    to: `e-${revision + 1}`,
    at: revision,
    digest: String(revision + 1),
    hosts: hosts.changed,
    vms: vms.changed,
    goneHosts: hosts.gone,
    goneVms: vms.gone,
  };
}

describe('D2: frames', () => {
  test('snapshot + frame = the snapshot at the later cursor', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, (before, after) => {
        const state = snapshotAt(1, before);
        expect(applyFrame(state, frameBetween(1, before, after)).ok).toBe(true);
        expect(state).toEqual(snapshotAt(2, after));
      }),
    );
  });

  test('a composite of frames does what they do one after another', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, arbitraryState, (a, b, c) => {
        const composite = composeFrames(frameBetween(1, a, b), frameBetween(2, b, c));
        if (!composite.ok) throw new Error(composite.error);
        const state = snapshotAt(1, a);
        expect(applyFrame(state, composite.value).ok).toBe(true);
        expect(state).toEqual(snapshotAt(3, c));
      }),
    );
  });

  test('one that does not start where the state is changes nothing', () => {
    const content: Content = { hosts: [{ name: 'h', state: 'active', reasons: [], roles: [] }], vms: [] };
    const state = snapshotAt(1, content);
    expect(applyFrame(state, frameBetween(2, content, { hosts: [], vms: [] }))).toEqual({ ok: false, error: 'gap' });
    expect(state).toEqual(snapshotAt(1, content));
    expect(composeFrames(frameBetween(1, content, content), frameBetween(3, content, content)).ok).toBe(false);
  });
});
