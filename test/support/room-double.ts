/** A room as far as forwarder and viewers see it, for properties that need a thousand of them. */
import type { Inventory } from '../../core/derive/inventory.ts';
import { formatDigest } from '../../core/digest.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { EndedMigration } from '../../core/memory.ts';
import { type Delta, deltaOfSync } from '../../worker/commit.ts';
import { RoomTables } from './room-tables.ts';

export class RoomDouble {
  readonly #tables = new RoomTables();
  #revision = 0;
  #now = 0;

  get digest(): string {
    return formatDigest(this.#tables.digest);
  }

  get migrations(): ReadonlyMap<string, EndedMigration> {
    return this.#tables.migrations;
  }

  /** What a forwarder that starts anew sends: everything. Null where nothing that can be seen has changed. */
  sync(inventory: Inventory): Frame | null {
    const { hosts, vms } = inventory;
    const { finished } = inventory.takeChanges();
    const part = { hosts: [...hosts.values()], vms: [...vms.values()], finished };
    return this.#commit(deltaOfSync([part], { hosts: this.#tables.hosts.keys(), vms: this.#tables.vms.keys() }), false);
  }

  changes(inventory: Inventory): Frame | null {
    const { hosts, vms, finished } = inventory.takeChanges();
    const delta: Delta = {
      hosts: [...hosts.values()].filter((host) => host !== null),
      vms: [...vms.values()].filter((vm) => vm !== null),
      goneHosts: [...hosts].filter(([, host]) => host === null).map(([name]) => name),
      goneVms: [...vms].filter(([, vm]) => vm === null).map(([id]) => id),
      finished,
    };
    return this.#commit(delta, true);
  }

  /** All that it keeps, for comparing. */
  tables(): unknown {
    const { hosts, vms, migrations } = this.#tables;
    return structuredClone([hosts, vms, migrations]);
  }

  snapshot(): Snapshot {
    const cursor = `e-${this.#revision}`;
    return { cluster: 'lab', cursor, now: this.#now, lastHeard: this.#now, digest: this.digest, ...this.#tables.view() };
  }

  #commit(delta: Delta, watched: boolean): Frame | null {
    this.#now += 1;
    const { shown } = this.#tables.commit(delta, this.#now, watched);
    if (shown === null) return null;
    this.#revision += 1;
    return { from: `e-${this.#revision - 1}`, to: `e-${this.#revision}`, at: this.#now, digest: this.digest, ...shown };
  }
}
