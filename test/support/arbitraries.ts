/** Random models for property tests, from few names so that they collide. */
import fc from 'fast-check';
import {
  CAUSES,
  DANGERS,
  type DerivedHost,
  type DerivedVm,
  DRAIN_ANSWERS,
  HOST_STATES,
  type Host,
  TRANSIT_STAGES,
  VM_STATES,
  type Vm,
  WAIT_REASONS,
} from '../../core/model.ts';

const hostName = fc.constantFrom('host-1', 'host-2', 'host-3');
const text = fc.string({ maxLength: 12 });

const arbitraryDrain = fc.record({
  here: fc.nat(9),
  moving: fc.nat(9),
  stopping: fc.nat(9),
  waiting: fc.nat(9),
  stuck: fc.nat(9),
  arriving: fc.nat(9),
  safe: fc.boolean(),
  because: fc.constantFrom(...DRAIN_ANSWERS),
});

export const arbitraryDerivedHost: fc.Arbitrary<DerivedHost> = fc.record(
  {
    name: hostName,
    state: fc.constantFrom(...HOST_STATES),
    reasons: fc.array(text, { maxLength: 2 }),
    roles: fc.array(fc.constantFrom('control-plane', 'worker', 'etcd'), { maxLength: 2 }),
    displayName: text,
    zone: text,
    cpu: fc.nat(64),
    memory: fc.nat(),
    drain: arbitraryDrain,
  },
  { requiredKeys: ['name', 'state', 'reasons', 'roles'] },
);

export const arbitraryHost: fc.Arbitrary<Host> = arbitraryDerivedHost.map(({ drain, ...host }) => ({
  ...host,
  ...(drain !== undefined && { drain: { ...drain, were: drain.here + 1, since: 5 } }),
}));

const arbitraryWait = fc.record(
  {
    reason: fc.constantFrom(...WAIT_REASONS),
    detail: text,
    used: fc.nat(9),
    limit: fc.nat(9),
    assumed: fc.constant(true as const),
    host: hostName,
    failures: fc.nat(9),
    seconds: fc.nat(99),
    place: fc.integer({ min: 1, max: 99 }),
  },
  { requiredKeys: ['reason'] },
);

const arbitraryTransit = fc.record(
  {
    id: fc.constantFrom('m-1', 'm-2', 'm-3'),
    stage: fc.constantFrom(...TRANSIT_STAGES),
    cause: fc.constantFrom(...CAUSES),
    from: fc.option(hostName),
    to: fc.option(hostName),
    requested: hostName,
    evidence: text,
    suspended: fc.constant(true as const),
    peer: fc.record(
      { direction: fc.constantFrom('out' as const, 'in' as const), pair: text, host: hostName },
      { requiredKeys: ['direction'] },
    ),
    waitingFor: arbitraryWait,
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
      evacuation: fc.record({ from: hostName, waitingFor: arbitraryWait }),
      labels: fc.dictionary(fc.constantFrom('app', 'team', 'toString'), fc.constantFrom('', 'a', 'b'), { minKeys: 1 }),
    },
    { requiredKeys: ['name', 'namespace', 'uid', 'host', 'state', 'migratable'] },
  )
  .map((vm) => ({ id: `${vm.namespace}/${vm.name}`, ...vm }));

export const arbitraryVm: fc.Arbitrary<Vm> = arbitraryDerivedVm.map(({ uid: _uid, transit, ...vm }) => ({
  ...vm,
  ...(transit !== undefined && { transit: { ...transit, startedAt: 1 } }),
}));
