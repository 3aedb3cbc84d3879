import { describe, expect, test } from 'vitest';
import { deriveHost, type HostContext } from '../../../core/derive/host.ts';
import type { HostFact, PowerFact } from '../../../core/facts.ts';
import type { HostState } from '../../../core/model.ts';
import { hostFact } from '../../support/facts.ts';

const NOTHING: HostContext = { power: undefined, kubevirt: undefined, evacuatingCount: 0 };
const notReady = { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'PLEG is not healthy' } as const;
const silent = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' } as const;
const pressure = { type: 'MemoryPressure', status: 'True', reason: 'KubeletHasInsufficientMemory' } as const;
const power = (changes: Partial<PowerFact>): Partial<HostContext> => ({ power: { name: 'host-1', isOff: false, ...changes } });
const kubevirt = { namespace: 'n', name: 'kubevirt', drainTaint: 'example.com/drain' };

/** domain.md 2, the precedence of states. */
const TABLE: readonly (readonly [string, Partial<HostFact>, HostState, Partial<HostContext>?])[] = [
  ['Ready', {}, 'active'],
  ['spec.unschedulable', { cordoned: true }, 'cordoned'],
  ['taint kubevirt.io/drain', { cordoned: true, taints: ['kubevirt.io/drain'] }, 'draining'],
  ['taint kubevirt.io/drain where KubeVirt has another key', { taints: ['kubevirt.io/drain'] }, 'active', { kubevirt }],
  ['the taint that KubeVirt is set to', { taints: ['example.com/drain'] }, 'draining', { kubevirt }],
  ['kubectl drain: cordoned, and VMs are asked to leave', { cordoned: true }, 'draining', { evacuatingCount: 1 }],
  ['VMs are asked to leave, but it is open', {}, 'active', { evacuatingCount: 1 }],
  ['Harvester’s Drained=False', { drained: false }, 'draining'],
  ['maintenance requested', { cordoned: true, drainRequested: true }, 'entering-maintenance'],
  ['maintain-status running', { cordoned: true, maintainStatus: 'running' }, 'entering-maintenance'],
  ['maintain-status completed', { cordoned: true, maintainStatus: 'completed', drainRequested: true }, 'maintenance'],
  ['Ready=False', { ready: notReady }, 'unavailable'],
  ['Ready=False in maintenance', { ready: notReady, maintainStatus: 'completed' }, 'maintenance'],
  ['Ready=Unknown', { ready: silent }, 'in-progress'],
  ['T7, #9759: Ready=Unknown though cordoned', { ready: silent, cordoned: true }, 'in-progress'],
  ['T7: Ready=Unknown though in maintenance', { ready: silent, maintainStatus: 'completed' }, 'in-progress'],
  ['MemoryPressure', { pressures: [pressure] }, 'pressure'],
  ['MemoryPressure on a cordoned host', { pressures: [pressure], cordoned: true }, 'cordoned'],
  ['a witness', { roles: ['etcd', 'witness'] }, 'witness'],
  ['a witness that is cordoned', { roles: ['witness'], cordoned: true }, 'cordoned'],
  ['power: shutdown requested', { maintainStatus: 'completed' }, 'stopping', power({ requested: 'shutdown' })],
  ['power: poweron requested', { ready: silent }, 'starting', power({ requested: 'poweron', isOff: true })],
  ['power: reboot requested', {}, 'rebooting', power({ requested: 'reboot' })],
  ['power: off', { ready: silent, maintainStatus: 'completed' }, 'off', power({ isOff: true })],
  ['power: off, but its kubelet reports', {}, 'active', power({ isOff: true })],
  ['power: off, but its kubelet reports that it is not ready', { ready: notReady }, 'unavailable', power({ isOff: true })],
  [
    'power: off, but its Node has no condition Ready',
    { ready: { type: 'Ready', status: 'Unknown' } },
    'in-progress',
    power({ isOff: true }),
  ],
  ['power: on, and its kubelet is silent', { ready: silent }, 'in-progress', power({})],
];

describe('host state', () => {
  test.each(TABLE.map((row) => ({ row, name: row[0] })))('$name', ({ row: [, changes, state, context = {}] }) => {
    expect(deriveHost(hostFact(changes), { ...NOTHING, ...context }).state).toBe(state);
  });

  test('says why in Kubernetes’ words, and carries what is shown', () => {
    expect(deriveHost(hostFact({ ready: notReady, displayName: 'Rack 1', zone: 'z', cpu: 8, memory: 2 ** 34 }), NOTHING)).toEqual({
      name: 'host-1',
      displayName: 'Rack 1',
      state: 'unavailable',
      reasons: ['KubeletNotReady: PLEG is not healthy'],
      roles: ['worker'],
      zone: 'z',
      cpu: 8,
      memory: 2 ** 34,
    });
  });

  test('every trouble is a reason, whatever the state', () => {
    const reasons = (changes: Partial<HostFact>) => deriveHost(hostFact({ cordoned: true, ...changes }), NOTHING).reasons;
    expect(reasons({ pressures: [pressure] })).toEqual(['KubeletHasInsufficientMemory']);
    expect(reasons({ etcdAddressConflict: 'addresses differ' })).toEqual(['addresses differ']);
    expect(reasons({ handlerSilent: true })).toEqual(['kubevirt.io/schedulable=false']);
    // Nothing new where the kubelet itself is silent.
    expect(reasons({ handlerSilent: true, ready: silent })).toEqual(['NodeStatusUnknown: Kubelet stopped posting node status.']);
    expect(reasons({})).toEqual([]);
  });
});
