/** Random models for property tests, from few names so that they collide. */
import fc from 'fast-check';
import { CAUSES, DANGERS, type DerivedVm, HOST_STATES, type Host, TRANSIT_STAGES, VM_STATES, type Vm } from '../../core/model.ts';

const hostName = fc.constantFrom('host-1', 'host-2', 'host-3');
const text = fc.string({ maxLength: 12 });

export const arbitraryHost: fc.Arbitrary<Host> = fc.record(
  {
    name: hostName,
    state: fc.constantFrom(...HOST_STATES),
    reasons: fc.array(text, { maxLength: 2 }),
    roles: fc.array(fc.constantFrom('control-plane', 'worker', 'etcd'), { maxLength: 2 }),
    displayName: text,
    zone: text,
    cpu: fc.nat(64),
    memory: fc.nat(),
  },
  { requiredKeys: ['name', 'state', 'reasons', 'roles'] },
);

const arbitraryTransit = fc.record(
  {
    id: fc.constantFrom('m-1', 'm-2', 'm-3'),
    stage: fc.constantFrom(...TRANSIT_STAGES),
    cause: fc.constantFrom(...CAUSES),
    from: fc.option(hostName),
    to: fc.option(hostName),
    requested: hostName,
  },
  { requiredKeys: ['id', 'stage', 'cause', 'from', 'to'] },
);

export const arbitraryDerivedVm: fc.Arbitrary<DerivedVm> = fc
  .record(
    {
      name: fc.constantFrom('ubuntu', 'debian', 'windows', 'suse'),
      namespace: fc.constantFrom('default', 'prod'),
      uid: fc.option(fc.constantFrom('u-1', 'u-2')),
      host: fc.option(hostName),
      state: fc.constantFrom(...VM_STATES),
      migratable: fc.record({ ok: fc.boolean(), reason: text }, { requiredKeys: ['ok'] }),
      reason: text,
      danger: fc.subarray([...DANGERS]),
      cpu: fc.nat(64),
      os: text,
      transit: arbitraryTransit,
    },
    { requiredKeys: ['name', 'namespace', 'uid', 'host', 'state', 'migratable'] },
  )
  .map((vm) => ({ id: `${vm.namespace}/${vm.name}`, ...vm }));

export const arbitraryVm: fc.Arbitrary<Vm> = arbitraryDerivedVm.map(({ uid: _uid, transit, ...vm }) => ({
  ...vm,
  ...(transit !== undefined && { transit: { ...transit, startedAt: 1 } }),
}));
