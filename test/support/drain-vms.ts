/** VMs for tests of what the page says of a host that is being emptied. */
import fc from 'fast-check';
import { VM_STATES, type Vm, WAIT_REASONS, type Wait } from '../../core/model.ts';
import { vmOn } from './entities.ts';

export const HOST = 'host-1';

export const vmHere = (name: string, extra: Partial<Vm> = {}): Vm => vmOn(name, HOST, extra);

export const waiting = (name: string, wait: Wait, extra: Partial<Vm> = {}): Vm =>
  vmHere(name, { evacuation: { from: HOST, waitingFor: wait }, ...extra });

export const moving = (name: string, extra: Partial<NonNullable<Vm['transit']>> = {}, vm: Partial<Vm> = {}): Vm =>
  vmHere(name, {
    transit: { id: name, stage: 'transferring', cause: 'drain', from: HOST, to: 'host-2', startedAt: 0, ...extra },
    ...vm,
  });

const anyWait: fc.Arbitrary<Wait> = fc.record(
  { reason: fc.constantFrom(...WAIT_REASONS), place: fc.integer({ min: 1, max: 40 }), detail: fc.constantFrom('a', 'b') },
  { requiredKeys: ['reason'] },
);

/** Any VM on the host, in whatever way it is there. */
export const anyVmHere: fc.Arbitrary<Vm> = fc
  .record({
    name: fc.uuid(),
    state: fc.constantFrom(...VM_STATES),
    kind: fc.constantFrom('settled', 'waiting', 'moving', 'queued'),
    wait: fc.option(anyWait, { nil: undefined }),
    migratable: fc.constantFrom(
      { ok: true },
      { ok: false },
      { ok: false, reason: 'HostDeviceNotLiveMigratable: VMI uses a PCI host devices' },
    ),
    isLoop: fc.boolean(),
    isSlow: fc.boolean(),
  })
  .map(({ name, state, kind, wait, migratable, isLoop, isSlow }) => {
    const extra: Partial<Vm> = {
      state,
      migratable,
      ...(isLoop && { lastMigration: { outcome: 'failed', cause: 'drain', from: HOST, to: null, endedAt: 1, loop: true } }),
      ...(isSlow && { danger: ['not-converging'] }),
    };
    const hold = wait !== undefined && { waitingFor: wait };
    if (kind === 'moving') return moving(name, { ...hold }, extra);
    if (kind === 'queued') return moving(name, { stage: 'queued', to: null, ...hold }, extra);
    return kind === 'waiting' && wait !== undefined ? waiting(name, wait, extra) : vmHere(name, extra);
  });
