/** A Lease of coordination.k8s.io/v1: what is read of it, untrusted, and what is written. Pure. */
import { err, ok, type Result } from '../core/result.ts';
import type { LeaseName } from './config.ts';
import { isRecord, type JsonRecord, recordAt, valueAt } from './project/json.ts';

/** What a Lease says. Its times are on its holder's clock: they are compared for equality and never with another clock (T6). */
export interface LeaseRecord {
  /** Empty where nobody holds it. */
  readonly holder: string;
  /** How long the holder's promise lasts after each renewal. */
  readonly durationMs: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  /** How often it has gone to another holder. */
  readonly transitions: number;
}

/** A Lease as the server has it. */
export interface Lease {
  readonly record: LeaseRecord;
  /** The object: what others wrote on it (labels, fields of a later version) is written back, and its resourceVersion guards the write. */
  readonly source: JsonRecord;
}

/** Who takes or renews it, and when, on the own wall clock, which is for people. */
export interface LeaseSignature {
  readonly identity: string;
  readonly now: Date;
}

export const LEASE_DURATION_MS = 15_000;
/** A Lease that promises more is not waited for: a typo must not leave a cluster without a forwarder for days. */
const MAX_DURATION_MS = 60_000;
/** A released Lease must promise a duration too (validation asks for more than 0). */
const RELEASED_DURATION_MS = 1_000;
const MAX_TRANSITIONS = 2 ** 31 - 1;

export const leasesPathOf = ({ namespace }: LeaseName): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
export const leasePathOf = (name: LeaseName): string => `${leasesPathOf(name)}/${name.name}`;

export function parseLease(body: string): Result<Lease> {
  let object: unknown;
  try {
    object = JSON.parse(body);
  } catch {
    return err('it is not JSON');
  }
  if (!isRecord(object) || object.kind !== 'Lease') return err('it is no Lease');
  const version = valueAt(object, 'metadata', 'resourceVersion');
  if (typeof version !== 'string' || version === '') return err('the Lease has no resourceVersion');
  const text = (field: string): string => {
    const value = valueAt(object, 'spec', field);
    return typeof value === 'string' ? value : '';
  };
  const seconds = valueAt(object, 'spec', 'leaseDurationSeconds');
  const transitions = valueAt(object, 'spec', 'leaseTransitions');
  return ok({
    record: {
      holder: text('holderIdentity'),
      durationMs: typeof seconds === 'number' && seconds > 0 ? Math.min(seconds * 1000, MAX_DURATION_MS) : LEASE_DURATION_MS,
      acquireTime: text('acquireTime'),
      renewTime: text('renewTime'),
      transitions: typeof transitions === 'number' && Number.isSafeInteger(transitions) && transitions >= 0 ? transitions : 0,
    },
    source: object,
  });
}

/** Whether nobody has taken, renewed or released it in between. What else is written on the object is no sign of its holder's life. */
export const isSameRecord = (a: LeaseRecord, b: LeaseRecord): boolean =>
  a.holder === b.holder && a.renewTime === b.renewTime && a.acquireTime === b.acquireTime && a.transitions === b.transitions;

/** A Lease that there is not yet, taken by its creation. */
export function formatNewLease({ namespace, name }: LeaseName, signature: LeaseSignature): string {
  const metadata = { namespace, name };
  return JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: takenBy(signature, 0) });
}

export const formatTakenLease = ({ source, record }: Lease, signature: LeaseSignature): string =>
  formatChanged(source, takenBy(signature, record.transitions >= MAX_TRANSITIONS ? 0 : record.transitions + 1));

export const formatRenewedLease = ({ source }: Lease, { now }: LeaseSignature): string =>
  formatChanged(source, { renewTime: formatMicroTime(now), leaseDurationSeconds: LEASE_DURATION_MS / 1000 });

export const formatReleasedLease = ({ source }: Lease, { now }: LeaseSignature): string =>
  formatChanged(source, { holderIdentity: '', renewTime: formatMicroTime(now), leaseDurationSeconds: RELEASED_DURATION_MS / 1000 });

function takenBy({ identity, now }: LeaseSignature, transitions: number): JsonRecord {
  const time = formatMicroTime(now);
  return {
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_DURATION_MS / 1000,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: transitions,
  };
}

/** Without managedFields, which the server keeps by itself and which are most of the bytes. */
function formatChanged(source: JsonRecord, spec: JsonRecord): string {
  const { managedFields: _managedFields, ...metadata } = recordAt(source, 'metadata');
  return JSON.stringify({ ...source, metadata, spec: { ...recordAt(source, 'spec'), ...spec } });
}

/** Kubernetes' MicroTime: RFC 3339 with exactly six digits of a second's fraction. */
const formatMicroTime = (time: Date): string => time.toISOString().replace('Z', '000Z');
