/**
 * What must be true of the room, kept without any of the room's code: maps that each accepted batch changes. It is told every answer that
 * the room gave, also those that were lost on their way to the forwarder.
 */
import type { DerivedHost, DerivedVm, Host, Vm } from '../../../core/model.ts';
import type { Batch, BatchAnswer, UplinkProblemCode } from '../../../core/uplink.ts';
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
  #session = 0;
  #number = 0;
  #isSynced = false;

  /** The storage was wiped: nothing that was acknowledged before can be there. */
  forget(): void {
    this.hosts = new Map();
    this.vms = new Map();
    this.past.clear();
    this.ended.clear();
    this.cursor = null;
    this.#answers.clear();
    this.#parts = [];
    this.#session = 0;
    this.#number = 0;
    this.#isSynced = false;
  }

  opened(session: number): void {
    if (session !== this.#session + 1) throw new Error(`after session ${this.#session} came ${session} (U1)`);
    this.#session = session;
    this.#number = 0;
    this.#isSynced = false;
    this.#parts = [];
  }

  refused(batch: Batch, code: string): void {
    const due = this.#verdictOn(batch);
    if (due !== code) throw new Error(`batch ${batch.session}/${batch.number} was refused as ${code}, and was to be: ${due} (U1–U3)`);
  }

  accepted(batch: Batch, answer: BatchAnswer): void {
    const due = this.#verdictOn(batch);
    if (due !== 'taken' && due !== 'answered again')
      throw new Error(`batch ${batch.session}/${batch.number} was taken, and was to be: ${due} (U1–U3)`);
    const key = `${batch.session}/${batch.number}`;
    const said = JSON.stringify(answer);
    const before = this.#answers.get(key);
    if (before !== undefined) {
      if (before !== said) throw new Error(`batch ${key} was answered ${before}, then ${said} (U2)`);
      return;
    }
    this.#answers.set(key, said);
    this.#number = batch.number;
    if (batch.kind === 'sync-part') this.#parts.push({ session: batch.session, batch });
    else if (batch.kind === 'sync-commit') this.#commit(batch.session, batch.parts);
    else if (batch.kind === 'changes') this.#change(batch);
    this.cursor = answer.cursor;
    if (answer.cursor !== null) this.past.set(answer.cursor, { hosts: new Map(this.hosts), vms: new Map(this.vms) });
  }

  /** What the room owes it, by the numbers alone. */
  #verdictOn({ session, number, kind }: Batch): 'taken' | 'answered again' | UplinkProblemCode {
    if (session !== this.#session) return session < this.#session ? 'superseded' : 'sync-required';
    if (number === this.#number && number > 0) return 'answered again';
    if (number !== this.#number + 1) return 'gap';
    return (kind === 'sync-part' || kind === 'sync-commit') === this.#isSynced ? 'sync-required' : 'taken';
  }

  #commit(session: number, parts: number): void {
    const own = this.#parts.filter((part) => part.session === session);
    this.#parts = [];
    if (own.length !== parts) return;
    this.#isSynced = true;
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
      const { were: _were, since: _since, leftAt: _leftAt, ...derived } = drain;
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
