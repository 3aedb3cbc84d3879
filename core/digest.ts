/**
 * The digest of a cluster's derived state (SPEC U5, D6): equal states have equal digests, whatever order they came about in.
 *
 * Two uint32 lanes. Each entity is hashed over its key and the JSON of a fixed list of its *derived* fields; a lane is the sum
 * of its hashes mod 2³². So it does not depend on order, and one changed entity costs one subtraction and one addition.
 * It finds faults, not attackers. The list of fields belongs to the protocol version: changing it is a new version. What version 2 added
 * stands at the end of each list and only where it is set, so that the digest of what version 1 can say is version 1's. The same holds of
 * labels, which are sent only to a room that takes them (labels.ts).
 */
import type { Labels } from './labels.ts';
import type { DerivedHost, DerivedTransit, DerivedVm, Host, Vm, Wait } from './model.ts';

export interface Digest {
  readonly high: number;
  readonly low: number;
}

export const EMPTY_DIGEST: Digest = { high: 0, low: 0 };

/** Sixteen lower-case hexadecimal digits. */
export const formatDigest = (digest: Digest): string => hex(digest.high) + hex(digest.low);

/** Null where the text is no digest. */
export function parseDigest(text: string): Digest | null {
  if (!/^[0-9a-f]{16}$/.test(text)) return null;
  return { high: Number.parseInt(text.slice(0, 8), 16), low: Number.parseInt(text.slice(8), 16) };
}

export const addDigests = (a: Digest, b: Digest): Digest => ({ high: (a.high + b.high) >>> 0, low: (a.low + b.low) >>> 0 });
export const subtractDigests = (a: Digest, b: Digest): Digest => ({ high: (a.high - b.high) >>> 0, low: (a.low - b.low) >>> 0 });

export function digestOfHost(host: DerivedHost | Host): Digest {
  const { name, displayName, state, reasons, roles, zone, cpu, memory, drain } = host;
  const fields: unknown[] = [name, orNull(displayName), state, reasons, roles, orNull(zone), orNull(cpu), orNull(memory)];
  if (drain !== undefined) {
    const { here, moving, stopping, waiting, stuck, arriving, safe, because } = drain;
    fields.push([here, moving, stopping, waiting, stuck, arriving, safe, because]);
  }
  return hashText(`host ${JSON.stringify(fields)}`);
}

export function digestOfVm(vm: DerivedVm | Vm): Digest {
  const { id, displayName, host, state, reason, migratable, danger, cpu, memory, os, transit, evacuation, labels } = vm;
  const fields: unknown[] = [
    id,
    orNull(displayName),
    host,
    state,
    orNull(reason),
    migratable.ok,
    orNull(migratable.reason),
    danger ?? [],
    orNull(cpu),
    orNull(memory),
    orNull(os),
    transit === undefined ? null : fieldsOfTransit(transit),
  ];
  if (evacuation !== undefined) fields.push([evacuation.from, fieldsOfWait(evacuation.waitingFor)]);
  if (labels !== undefined) fields.push({ labels: fieldsOfLabels(labels) });
  return hashText(`vm ${JSON.stringify(fields)}`);
}

function fieldsOfTransit(transit: DerivedTransit): unknown[] {
  const { id, stage, cause, from, to, requested, waitingFor, evidence, suspended, peer } = transit;
  const fields: unknown[] = [id, stage, cause, from, to, orNull(requested), waitingFor === undefined ? null : fieldsOfWait(waitingFor)];
  if (evidence === undefined && suspended === undefined && peer === undefined) return fields;
  const peerFields = peer === undefined ? null : [peer.direction, orNull(peer.pair), orNull(peer.host)];
  return [...fields, orNull(evidence), suspended === true, peerFields];
}

/** In the order of their keys: JSON has none that lasts. */
const fieldsOfLabels = (labels: Labels): unknown[] =>
  Object.keys(labels)
    .sort()
    .map((key) => [key, labels[key]]);

function fieldsOfWait({ reason, detail, used, limit, assumed, host, failures, seconds, place }: Wait): unknown[] {
  return [reason, detail, used, limit, assumed, host, failures, seconds, place].map(orNull);
}

export function digestOf(hosts: Iterable<DerivedHost | Host>, vms: Iterable<DerivedVm | Vm>): Digest {
  let sum = EMPTY_DIGEST;
  for (const host of hosts) sum = addDigests(sum, digestOfHost(host));
  for (const vm of vms) sum = addDigests(sum, digestOfVm(vm));
  return sum;
}

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;
const hex = (lane: number): string => lane.toString(16).padStart(8, '0');

/** Two differently seeded multiply-xorshift hashes in one pass over the UTF-16 code units, each finished with Murmur3's mixer. */
function hashText(text: string): Digest {
  let high = 0x9e3779b1;
  let low = 0x85ebca77;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul((low << 13) | (low >>> 19), 5) ^ Math.imul(unit + 0x7f4a7c15, 0xcc9e2d51);
  }
  return { high: mix(high ^ text.length), low: mix(low ^ text.length) };
}

function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
