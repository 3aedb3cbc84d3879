/** VMs and hosts as the page gets them, of which a test says no more than what matters to it. */
import type { Drain, Host, Vm } from '../../core/model.ts';

/** Off where it has no host, and else running. */
export const vmOn = (name: string, host: string | null, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host,
  state: host === null ? 'off' : 'running',
  migratable: { ok: true },
  ...extra,
});

export const hostNamed = (name: string, extra: Partial<Host> = {}): Host => ({
  name,
  state: 'active',
  reasons: [],
  roles: ['worker'],
  ...extra,
});

/** Of a host without a VM, of which it is not said that it is safe. */
export const drainOf = (extra: Partial<Drain>): Drain => ({
  here: 0,
  moving: 0,
  stopping: 0,
  waiting: 0,
  stuck: 0,
  arriving: 0,
  safe: false,
  because: 'vms-here',
  were: 0,
  since: null,
  ...extra,
});
