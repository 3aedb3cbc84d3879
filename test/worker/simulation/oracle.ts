/**
 * What must be true of the room, kept without any of the room's code: maps that each accepted batch changes. It is told every answer that
 * the room gave, also those that were lost on their way to the forwarder.
 */
import type { DerivedHost, DerivedVm, Host, Vm } from '../../../core/model.ts';
import type { Batch, BatchAnswer } from '../../../core/uplink.ts';
import type { Facts } from './world.ts';

export class Oracle implements Facts {
  hosts = new Map<string, DerivedHost>();
  vms = new Map<string, DerivedVm>();
  /** The facts at each cursor that was ever answered, since the storage was last wiped. */
  readonly past = new Map<string, Facts>();
  /** Migrations whose end was accepted. */
  readonly ended = new Set<string>();
  cursor: string | null = null;
  readonly #answers = new Map<string, string>();
  #parts: { readonly session: number; readonly batch: Batch }[] = [];

  /** The storage was wiped: nothing that was acknowledged before can be there. */
  forget(): void {
    this.hosts = new Map();
    this.vms = new Map();
    this.past.clear();
    this.ended.clear();
    this.cursor = null;
    this.#answers.clear();
    this.#parts = [];
  }

  opened(): void {
    this.#parts = [];
  }

  accepted(batch: Batch, answer: BatchAnswer): void {
    const key = `${batch.session}/${batch.number}`;
    const said = JSON.stringify(answer);
    const before = this.#answers.get(key);
    if (before !== undefined) {
      if (before !== said) throw new Error(`batch ${key} was answered ${before}, then ${said} (U2)`);
      return;
    }
    this.#answers.set(key, said);
    if (batch.kind === 'sync-part') this.#parts.push({ session: batch.session, batch });
    else if (batch.kind === 'sync-commit') this.#commit(batch.session, batch.parts);
    else if (batch.kind === 'changes') this.#change(batch);
    this.cursor = answer.cursor;
    if (answer.cursor !== null) this.past.set(answer.cursor, { hosts: new Map(this.hosts), vms: new Map(this.vms) });
  }

  #commit(session: number, parts: number): void {
    const own = this.#parts.filter((part) => part.session === session);
    this.#parts = [];
    if (own.length !== parts) return;
    this.hosts = new Map();
    this.vms = new Map();
    for (const { batch } of own) if (batch.kind === 'sync-part') this.#take(batch);
  }

  #change(batch: Batch & { readonly kind: 'changes' }): void {
    for (const name of batch.goneHosts) this.hosts.delete(name);
    for (const id of batch.goneVms) this.vms.delete(id);
    this.#take(batch);
  }

  #take({ hosts, vms, finished }: Batch & { readonly kind: 'changes' | 'sync-part' }): void {
    for (const one of hosts) this.hosts.set(one.name, one);
    for (const one of vms) this.vms.set(one.id, one);
    for (const { id } of finished) this.ended.add(id);
  }
}

/** The derived fields of what viewers see, comparable with the facts. */
export function derivedOf(shown: { readonly hosts: Iterable<Host>; readonly vms: Iterable<Vm> }): unknown {
  return sorted(
    [...shown.hosts].map(({ drain, ...rest }) => {
      if (drain === undefined) return rest;
      const { were: _were, since: _since, ...derived } = drain;
      return { ...rest, drain: derived };
    }),
    [...shown.vms].map(({ lastMigration: _last, previous: _previous, transit, ...rest }) => {
      if (transit === undefined) return rest;
      const { startedAt: _startedAt, remembered: _remembered, ...derived } = transit;
      return { ...rest, transit: derived };
    }),
  );
}

export const derivedOfFacts = ({ hosts, vms }: Facts): unknown =>
  sorted(
    [...hosts.values()],
    [...vms.values()].map(({ uid: _uid, ...rest }) => rest),
  );

/** Everything that is shown, in one order. */
export const sorted = (hosts: readonly { readonly name: string }[], vms: readonly { readonly id: string }[]): unknown => ({
  hosts: hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  vms: vms.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
});
