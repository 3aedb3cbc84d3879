import { describe, expect, test } from 'vitest';
import { deriveHost } from '../../../core/derive/host.ts';
import type { HostFact } from '../../../core/facts.ts';
import type { HostState } from '../../../core/model.ts';
import { hostFact } from '../../support/facts.ts';

const notReady = { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'PLEG is not healthy' } as const;
const silent = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' } as const;

const TABLE: readonly (readonly [string, Partial<HostFact>, HostState])[] = [
  ['Ready', {}, 'active'],
  ['spec.unschedulable', { cordoned: true }, 'cordoned'],
  ['taint kubevirt.io/drain', { cordoned: true, drainTaint: true }, 'draining'],
  ['maintenance requested', { cordoned: true, drainRequested: true }, 'entering-maintenance'],
  ['maintain-status running', { cordoned: true, maintainStatus: 'running' }, 'entering-maintenance'],
  ['maintain-status completed', { cordoned: true, maintainStatus: 'completed', drainRequested: true }, 'maintenance'],
  ['Ready=False', { ready: notReady }, 'unavailable'],
  ['Ready=False in maintenance', { ready: notReady, maintainStatus: 'completed' }, 'maintenance'],
  ['Ready=Unknown', { ready: silent }, 'in-progress'],
  ['T7, #9759: Ready=Unknown though cordoned', { ready: silent, cordoned: true }, 'in-progress'],
  ['T7: Ready=Unknown though in maintenance', { ready: silent, maintainStatus: 'completed' }, 'in-progress'],
];

describe('host state', () => {
  test.each(TABLE)('%s', (_name, changes, state) => {
    expect(deriveHost(hostFact(changes)).state).toBe(state);
  });

  test('says why in Kubernetes’ words, and carries what is shown', () => {
    expect(deriveHost(hostFact({ ready: notReady, displayName: 'Rack 1', zone: 'z', cpu: 8, memory: 2 ** 34 }))).toEqual({
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
});
