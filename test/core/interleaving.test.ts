/**
 * Every scenario of the simulator, in an old and a new KubeVirt, with its watches mixed in any way that a cluster and its network can
 * mix them: in any order between the kinds, doubled, coalesced, late, and lost with a list after it (SPEC T1–T8).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFrame, type ClusterState, composeFrames, stateOf } from '../../core/cluster-state.ts';
import { Inventory } from '../../core/derive/inventory.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Frame } from '../../core/downlink.ts';
import type { FactKind, FactOf } from '../../core/facts.ts';
import { lanesOf } from '../../core/lanes.ts';
import { type VmState, vmIdOf } from '../../core/model.ts';
import { KINDS } from '../../forwarder/projector.ts';
import { RoomDouble } from '../support/room-double.ts';
import { propertyTimeoutMs, runs } from '../support/runs.ts';
import { STORY_CASES } from '../support/scenario-stories.ts';
import { endsOf, eventCount, firstList, recordScenario, type Tape, type TapeEvent } from '../support/tape.ts';

const TAPES: readonly Tape[] = STORY_CASES.map(recordScenario);
/** KINDS by their number in a mix. */
const kindAt = (index: number): FactKind => KINDS[index % KINDS.length] ?? 'vmi';

/**
 * `next` the next event of a kind arrives · `again` the last one arrives once more · `coalesce` of the next few, each object's newest
 * only · `relist` some are lost, and a list tells what is there · `restart` the forwarder starts anew, from lists
 */
const arbitraryOp = fc.record({
  kind: fc.nat(KINDS.length - 1),
  op: fc.oneof(
    { weight: 8, arbitrary: fc.constant('next' as const) },
    { weight: 2, arbitrary: fc.constant('again' as const) },
    { weight: 2, arbitrary: fc.constant('coalesce' as const) },
    { weight: 1, arbitrary: fc.constant('relist' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  count: fc.integer({ min: 1, max: 5 }),
});
/** Enough for the longest tape to be mixed to its end; what is left then arrives kind by kind. */
const arbitraryMix = fc.record({
  tape: fc.constantFrom(...TAPES),
  ops: fc.array(arbitraryOp, { minLength: 1, maxLength: 300, size: 'max' }),
  rest: fc.shuffledSubarray([...KINDS], { minLength: KINDS.length }),
});

/** A forwarder's watches over a tape. */
class Player {
  readonly tape: Tape;
  inventory = new Inventory();
  readonly #positions = new Map<FactKind, number>(KINDS.map((kind) => [kind, 0]));
  /** What the API server had at those positions. */
  readonly #lists: ReadonlyMap<FactKind, Map<string, FactOf[FactKind]>>;

  constructor(tape: Tape) {
    this.tape = tape;
    this.#lists = new Map(KINDS.map((kind) => [kind, firstList(tape, kind)]));
    this.restart();
  }

  get isAtEnd(): boolean {
    return KINDS.every((kind) => this.#position(kind) === eventCount(this.tape, kind));
  }

  /** What is there, as far as this forwarder can know. */
  list<Kind extends FactKind>(kind: Kind): readonly FactOf[Kind][] {
    return [...(this.#lists.get(kind)?.values() ?? [])] as unknown as FactOf[Kind][];
  }

  /** A new forwarder lists what is there now. */
  restart(): void {
    this.inventory = new Inventory();
    for (const kind of KINDS) this.inventory.replace(kind, this.list(kind) as never);
  }

  next(kind: FactKind): boolean {
    const [event] = this.#advance(kind, 1);
    if (event !== undefined) this.inventory[event.type](kind, event.fact as never);
    return event !== undefined;
  }

  again(kind: FactKind): void {
    const event = this.tape.events.get(kind)?.[this.#position(kind) - 1];
    if (event !== undefined) this.inventory[event.type](kind, event.fact as never);
  }

  /** A watch that resumes after a pause may bring only the newest state of what changed several times. */
  coalesce(kind: FactKind, count: number): void {
    const events = this.#advance(kind, count);
    for (const [index, event] of events.entries()) {
      const isNewest = !events.slice(index + 1).some(({ key }) => key === event.key);
      if (isNewest || event.type === 'remove') this.inventory[event.type](kind, event.fact as never);
    }
  }

  relist(kind: FactKind, count: number): void {
    this.#advance(kind, count);
    this.inventory.replace(kind, this.list(kind) as never);
  }

  #position(kind: FactKind): number {
    return this.#positions.get(kind) ?? 0;
  }

  /** The next events, taken off the tape. */
  #advance(kind: FactKind, count: number): readonly TapeEvent[] {
    const from = this.#position(kind);
    const events = (this.tape.events.get(kind) ?? []).slice(from, from + count);
    this.#positions.set(kind, from + events.length);
    for (const { type, key, fact } of events) {
      if (type === 'set') this.#lists.get(kind)?.set(key, fact);
      else this.#lists.get(kind)?.delete(key);
    }
    return events;
  }
}

function play(
  player: Player,
  ops: readonly { kind: number; op: string; count: number }[],
  rest: readonly FactKind[],
  step: (op: string) => void,
): void {
  step('begin');
  for (const { kind: index, op, count } of ops) {
    const kind = kindAt(index);
    if (op === 'next') player.next(kind);
    else if (op === 'again') player.again(kind);
    else if (op === 'coalesce') player.coalesce(kind, count);
    else if (op === 'relist') player.relist(kind, count);
    step(op);
  }
  for (const kind of rest) {
    while (player.next(kind)) step('next');
  }
}

/** What a VM may be called while its guest runs. */
const STATES_OF_A_RUNNING_GUEST: readonly VmState[] = [
  'running',
  'paused',
  'not-ready',
  'stopping',
  'restarting',
  'terminating',
  'unknown',
];

/** By hand, since it is asked after each of half a million steps. */
function expectTrue(player: Player): void {
  const { vms, hosts, digest } = player.inventory;
  for (const vmi of player.list('vmi')) {
    if (vmi.phase !== 'Running' || vmi.malformed !== undefined) continue;
    const id = vmIdOf(vmi.namespace, vmi.name);
    const vm = vms.get(id);
    if (vm === undefined) throw new Error(`${id} runs and is missing`);
    if (vm.host !== vmi.nodeName) throw new Error(`${id} is on ${vmi.nodeName} and is shown on ${vm.host}`);
    if (!STATES_OF_A_RUNNING_GUEST.includes(vm.state)) throw new Error(`${id} runs and is called ${vm.state}`);
  }
  for (const vm of vms.values()) {
    const { settled, leaving, arriving } = lanesOf(vm);
    const places = [settled, leaving].filter((place) => place !== null);
    if (places.join() !== (vm.host ?? '')) throw new Error(`${vm.id} is on ${vm.host} and stands in ${places.join(' and ')}`);
    if (arriving !== null && leaving === null) throw new Error(`${vm.id} arrives and does not leave`);
  }
  if (digest !== formatDigest(digestOf(hosts.values(), vms.values()))) throw new Error('the digest is not that of what is there');
}

describe('whatever a cluster and its network do to the order of things', () => {
  test(
    'T5: it ends in the model of the last objects alone, and no step shows a guest that runs as anything else',
    () => {
      fc.assert(
        fc.property(arbitraryMix, ({ tape, ops, rest }) => {
          const player = new Player(tape);
          play(player, ops, rest, (op) => {
            if (op === 'restart') player.restart();
            expectTrue(player);
          });
          expect(player.isAtEnd).toBe(true);
          const fresh = new Player(tape);
          for (const kind of KINDS) fresh.relist(kind, Number.POSITIVE_INFINITY);
          expect(new Map([...player.inventory.vms].sort())).toEqual(new Map([...fresh.inventory.vms].sort()));
          expect(new Map([...player.inventory.hosts].sort())).toEqual(new Map([...fresh.inventory.hosts].sort()));
          expect(player.inventory.digest).toBe(fresh.inventory.digest);
        }),
        runs(1_000),
      );
    },
    propertyTimeoutMs,
  );

  test(
    'D2, T8: what the room makes of it: frames compose, its digest is right, and a forwarder that starts anew changes nothing',
    () => {
      fc.assert(
        fc.property(arbitraryMix, ({ tape, ops, rest }) => {
          const player = new Player(tape);
          const room = new RoomDouble();
          const viewer = stateOf(room.snapshot());
          const joined = { from: room.snapshot() as Pick<ClusterState, 'cursor' | 'digest'>, composite: null as Frame | null };
          const take = (frame: Frame | null): void => {
            if (frame === null) return;
            expect(applyFrame(viewer, frame).ok).toBe(true);
            const composed = joined.composite === null ? { ok: true as const, value: frame } : composeFrames(joined.composite, frame);
            if (!composed.ok) throw new Error(composed.error);
            joined.composite = composed.value;
          };
          take(room.sync(player.inventory));
          play(player, ops, rest, (op) => {
            if (op === 'restart') {
              take(room.changes(player.inventory));
              const before = room.tables();
              player.restart();
              expect(room.sync(player.inventory)).toBeNull();
              expect(room.tables()).toEqual(before);
            } else take(room.changes(player.inventory));
            expect(room.digest).toBe(player.inventory.digest);
          });
          const snapshot = stateOf(room.snapshot());
          expect(viewer).toEqual(snapshot);
          if (joined.composite !== null) {
            const late = stateOf({ cursor: joined.composite.from, digest: '', hosts: [], vms: [] });
            expect(applyFrame(late, joined.composite).ok).toBe(true);
            expect(late).toEqual(snapshot);
          }
          expectEnds(tape, player, room);
        }),
        runs(1_000),
      );
    },
    propertyTimeoutMs,
  );
});

/**
 * No migration is remembered with an outcome that was not its own; and none whose VMIM is still there is remembered as unknown, unless
 * it is still under way: a cross-cluster move is, until the source's guest has ended, whatever its VMIM says.
 */
function expectEnds(tape: Tape, player: Player, room: RoomDouble): void {
  const truth = endsOf(tape);
  const left = new Set(player.list('vmim').map(({ uid }) => uid));
  const underWay = new Set([...player.inventory.vms.values()].map(({ transit }) => transit?.id));
  for (const [id, { outcome }] of room.migrations) {
    const own = truth.get(id);
    if (own === undefined || (outcome === 'unknown' && (!left.has(id) || underWay.has(id)))) continue;
    expect([id, outcome]).toEqual([id, own]);
  }
  for (const id of left) if (truth.has(id) && !underWay.has(id)) expect(room.migrations.has(id)).toBe(true);
}
