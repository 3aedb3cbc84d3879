/** A room's tables as maps, written by the Worker's own commit. */
import { EMPTY_DIGEST } from '../../core/digest.ts';
import { composeHost } from '../../core/host-memory.ts';
import { composeVm, type EndedMigration } from '../../core/memory.ts';
import type { Host, Vm } from '../../core/model.ts';
import { type Commit, commitDelta, type Delta, type Picture, type StoredHost, type StoredVm } from '../../worker/commit.ts';

const NOTHING: Delta = { hosts: [], vms: [], finished: [], goneHosts: [], goneVms: [] };

export class RoomTables {
  readonly hosts = new Map<string, StoredHost>();
  readonly vms = new Map<string, StoredVm>();
  readonly migrations = new Map<string, EndedMigration>();
  digest = EMPTY_DIGEST;

  readonly picture: Picture = {
    host: (name) => this.hosts.get(name),
    vm: (id) => this.vms.get(id),
    migration: (id) => this.migrations.get(id),
  };

  commit(delta: Partial<Delta>, now = 1, watched = true): Commit {
    const commit = commitDelta(this.picture, { ...NOTHING, ...delta }, { digest: this.digest, now, watched, prompt: true });
    for (const one of commit.hosts) this.hosts.set(one.derived.name, one);
    for (const name of commit.goneHosts) this.hosts.delete(name);
    for (const one of commit.vms) this.vms.set(one.derived.id, one);
    for (const id of commit.goneVms) this.vms.delete(id);
    for (const one of commit.ended) this.migrations.set(one.id, one);
    this.digest = commit.digest;
    return commit;
  }

  /** What a snapshot shows of them. */
  view(): { hosts: Host[]; vms: Vm[] } {
    return {
      hosts: [...this.hosts.values()].map(({ derived, memory }) => composeHost(derived, memory)),
      vms: [...this.vms.values()].map(({ derived, memory }) => composeVm(derived, memory)),
    };
  }
}
