/**
 * What a cluster is, derived apart from the forwarder under test: every object is listed by the test's own client, and core makes the
 * picture of them. And what the room says of it, without what the room itself remembers.
 */
import { Inventory } from '../../core/derive/inventory.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Snapshot } from '../../core/downlink.ts';
import { type FactKind, OPTIONAL_KINDS } from '../../core/facts.ts';
import { type Freshness, freshnessOf } from '../../core/freshness.ts';
import { LIVE_WITHIN_MS } from '../../core/limits.ts';
import type { DerivedHost, DerivedVm, Host, Vm } from '../../core/model.ts';
import { KINDS, PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import type { TestKubeClient } from './kube-client.ts';
import { eventually } from './stack.ts';

export interface Truth {
  readonly digest: string;
  /** Derived fields alone, by `host NAME` and `vm ID`. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** `client`: may see what the forwarder may see; an optional kind that it may not see is left out of the picture. */
export async function truthOf(client: TestKubeClient): Promise<Truth> {
  const inventory = new Inventory();
  for (const kind of KINDS) await take(inventory, kind, client);
  return { digest: inventory.digest, content: contentOf(inventory.hosts.values(), inventory.vms.values()) };
}

async function take(inventory: Inventory, kind: FactKind, client: TestKubeClient): Promise<void> {
  const { path, query, name } = RESOURCES[kind];
  const text = await client.getText(query === undefined ? path : `${path}?${query}`);
  const items: unknown = text.startsWith('{') ? (JSON.parse(text) as { items?: unknown }).items : undefined;
  const optional = OPTIONAL_KINDS.find((known) => known === kind);
  if (Array.isArray(items)) inventory.replace(kind, items.map((object) => factOf(kind, object)) as never);
  else if (optional !== undefined) inventory.trust(optional, false);
  else throw new Error(`cannot list ${name}: ${text.slice(0, 200)}`);
}

function factOf(kind: FactKind, object: unknown): unknown {
  const fact = PROJECTORS[kind](object);
  if (!fact.ok) throw new Error(fact.error);
  return fact.value;
}

/** A picture that somebody else keeps, in the same form. */
export const truthOfPicture = (hosts: Iterable<DerivedHost>, vms: Iterable<DerivedVm>): Truth => {
  const [allHosts, allVms] = [[...hosts], [...vms]];
  return { digest: formatDigest(digestOf(allHosts, allVms)), content: contentOf(allHosts, allVms) };
};

export async function readRoom(edgeUrl: string, cluster: string): Promise<Snapshot> {
  const answer = await fetch(`${edgeUrl}/api/v1/clusters/${cluster}`);
  if (!answer.ok) throw new Error(`HTTP ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Snapshot;
}

/** The room's picture in the same form. The digest is computed of what it shows, and must be the one that it names. */
export function truthOfRoom({ cursor, digest, hosts, vms }: Snapshot): Truth {
  const computed = formatDigest(digestOf(hosts, vms));
  if (cursor !== null && computed !== digest) throw new Error(`the room names the digest ${digest}, what it shows has ${computed}`);
  return { digest: computed, content: contentOf(hosts, vms) };
}

export const freshnessOfRoom = ({ lastHeard, now }: Snapshot): Freshness => freshnessOf(lastHeard, now);

/**
 * Until the room and the cluster are one, and the room is live. Meanwhile it may call a picture live that is as old as live allows, and
 * no older (D5, U10); one that does is an error in the end.
 */
export async function untilEqual(edgeUrl: string, cluster: string, client: TestKubeClient, withinMs = 90_000): Promise<void> {
  let lieSince: number | null = null;
  let longestLieMs = 0;
  await eventually(
    async () => {
      const [snapshot, truth] = [await readRoom(edgeUrl, cluster), await truthOf(client)];
      const room = truthOfRoom(snapshot);
      const freshness = freshnessOfRoom(snapshot);
      const now = performance.now();
      lieSince = freshness === 'live' && room.digest !== truth.digest ? (lieSince ?? now) : null;
      if (lieSince !== null) longestLieMs = Math.max(longestLieMs, now - lieSince);
      return { isEqual: room.digest === truth.digest, freshness, differing: differenceOf(truth, room) };
    },
    ({ isEqual, differing, freshness }) => isEqual && Object.keys(differing).length === 0 && freshness === 'live',
    `the room ${cluster} equals the cluster`,
    withinMs,
  );
  if (longestLieMs > LIVE_WITHIN_MS)
    throw new Error(`the room ${cluster} called a picture live for ${Math.round(longestLieMs / 1_000)} s that was not the cluster's`);
}

function differenceOf(truth: Truth, room: Truth): Record<string, unknown> {
  const keys = new Set([...Object.keys(truth.content), ...Object.keys(room.content)]);
  const differing = [...keys].filter((key) => JSON.stringify(truth.content[key]) !== JSON.stringify(room.content[key]));
  return Object.fromEntries(differing.map((key) => [key, { cluster: truth.content[key], room: room.content[key] }]));
}

function contentOf(hosts: Iterable<DerivedHost | Host>, vms: Iterable<DerivedVm | Vm>): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const host of hosts) content[`host ${host.name}`] = sorted(derivedHost(host));
  for (const vm of vms) content[`vm ${vm.id}`] = sorted(derivedVm(vm));
  return content;
}

function derivedHost(host: DerivedHost | Host): unknown {
  if (host.drain === undefined) return host;
  const { were: _were, since: _since, leftAt: _leftAt, ...drain } = host.drain as Partial<Host['drain'] & object>;
  return { ...host, drain };
}

function derivedVm(vm: DerivedVm | Vm): unknown {
  const { uid: _uid, lastMigration: _last, previous: _previous, transit, ...derived } = vm as Partial<DerivedVm & Vm>;
  if (transit === undefined) return derived;
  const { startedAt: _started, remembered: _remembered, ...moving } = transit;
  return { ...derived, transit: moving };
}

/** With its fields in one order, so that its JSON can be compared. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
