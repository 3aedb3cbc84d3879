/**
 * A scenario without forwarder, edge and network: its objects, one update after another, through the derivation and the room's memory.
 * What is displayed after each update is what everybody should see.
 */
import { Inventory } from '../../core/derive/inventory.ts';
import type { Snapshot } from '../../core/downlink.ts';
import type { FactKind } from '../../core/facts.ts';
import { KINDS, PROJECTORS } from '../../forwarder/projector.ts';
import type { Cluster } from '../../simulator/types.ts';
import { DisplayLog } from './displayed.ts';
import { RoomDouble } from './room-double.ts';
import { RESOURCE_OF } from './tape.ts';

export class ScenarioOracle {
  readonly log = new DisplayLog();
  readonly #cluster: Cluster;
  readonly #inventory = new Inventory();
  readonly #room = new RoomDouble();
  #version: number;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#version = cluster.store.version;
    for (const kind of KINDS) {
      const facts = cluster.list(RESOURCE_OF[kind]).flatMap((object) => factOf(kind, object) ?? []);
      this.#inventory.replace(kind, facts as never);
    }
    this.#room.sync(this.#inventory);
    this.log.see(this.picture);
  }

  get picture(): Snapshot {
    return this.#room.snapshot();
  }

  /** Takes in what the cluster has written since, write by write. */
  catchUp(): void {
    const { store } = this.#cluster;
    const events = KINDS.flatMap((kind) => {
      const some = store.eventsAfter(RESOURCE_OF[kind], this.#version, Number.MAX_SAFE_INTEGER);
      if (some === null) throw new Error(`the history of ${kind} does not reach back`);
      return some.map((event) => ({ kind, ...event }));
    });
    this.#version = store.version;
    for (const { kind, type, object } of events.sort((a, b) => a.version - b.version)) {
      const fact = factOf(kind, object);
      if (fact === undefined) continue;
      if (type === 'DELETED') this.#inventory.remove(kind, fact as never);
      else this.#inventory.set(kind, fact as never);
      this.#room.changes(this.#inventory);
      this.log.see(this.picture);
    }
  }
}

function factOf(kind: FactKind, object: unknown): unknown {
  const fact = PROJECTORS[kind](object);
  return fact.ok ? fact.value : undefined;
}
