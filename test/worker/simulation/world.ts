/** The cluster that the simulated forwarders watch: what is derived of it, and how it changes. */
import { digestOf, formatDigest } from '../../../core/digest.ts';
import type { DerivedHost, DerivedVm, FinishedMigration } from '../../../core/model.ts';
import { finished, host, vm } from '../support.ts';
import type { Random } from './random.ts';

const MOST_VMS_COUNT = 8;
const HOSTS = ['host-1', 'host-2', 'host-3', 'host-4'];
const STAGES = ['queued', 'scheduling', 'preparing', 'transferring', 'switching'] as const;

export interface Facts {
  readonly hosts: ReadonlyMap<string, DerivedHost>;
  readonly vms: ReadonlyMap<string, DerivedVm>;
}

export const digestOfFacts = ({ hosts, vms }: Facts): string => formatDigest(digestOf(hosts.values(), vms.values()));

/** What a forwarder has to look at again. */
export interface Touched {
  readonly hosts: readonly string[];
  readonly vms: readonly string[];
  readonly finished: readonly FinishedMigration[];
}

export class World implements Facts {
  readonly hosts = new Map<string, DerivedHost>();
  readonly vms = new Map<string, DerivedVm>();
  /** Every migration that is over, as a forwarder that starts anew could tell it again. */
  readonly ended = new Map<string, FinishedMigration>();
  #serial = 0;

  constructor() {
    for (const name of HOSTS.slice(0, 3)) this.hosts.set(name, host(name));
    for (let count = 0; count < 3; count++) this.#add();
  }

  change(random: Random): Touched {
    const kind = random.weighted({ add: 1, remove: 1, edit: 2, transit: 8, host: 1, nothing: 1 });
    const moving = [...this.vms.values()];
    const one = moving.length === 0 ? undefined : random.pick(moving);
    if (kind === 'host') return this.#changeHost(random);
    if (kind === 'add' && this.vms.size < MOST_VMS_COUNT) return { hosts: [], vms: [this.#add()], finished: [] };
    if (one === undefined || kind === 'nothing' || kind === 'add')
      return { hosts: [], vms: one === undefined ? [] : [one.id], finished: [] };
    if (kind === 'remove') {
      this.vms.delete(one.id);
      return { hosts: [], vms: [one.id], finished: [] };
    }
    if (kind === 'edit') {
      this.#set({ ...one, state: random.pick(['running', 'paused', 'not-ready']) });
      return { hosts: [], vms: [one.id], finished: [] };
    }
    return this.#changeTransit(one, random);
  }

  #add(): string {
    const name = `vm-${++this.#serial}`;
    this.#set(vm(name, HOSTS[this.#serial % 3] ?? null));
    return `default/${name}`;
  }

  #set(changed: DerivedVm): void {
    this.vms.set(changed.id, changed);
  }

  #changeHost(random: Random): Touched {
    const name = random.pick(HOSTS);
    const known = this.hosts.get(name);
    if (known === undefined) this.hosts.set(name, host(name));
    else if (name === 'host-4') this.hosts.delete(name);
    else {
      const drain = { here: 2, moving: 0, stopping: 0, waiting: 0, stuck: 0, arriving: 0, safe: false, because: 'vms-here' } as const;
      const { drain: was, ...rest } = known;
      this.hosts.set(name, was === undefined ? { ...rest, state: 'cordoned', drain } : { ...rest, state: 'active' });
    }
    return { hosts: [name], vms: [], finished: [] };
  }

  #changeTransit(one: DerivedVm, random: Random): Touched {
    const { transit, ...settled } = one;
    const touched = { hosts: [], vms: [one.id], finished: [] };
    if (transit === undefined) {
      const to = random.pick(HOSTS.filter((name) => name !== one.host));
      const id = `m-${++this.#serial}`;
      this.#set({ ...one, transit: { id, stage: 'queued', cause: random.pick(['user', 'drain', 'unknown']), from: one.host, to } });
      return touched;
    }
    const next = STAGES[STAGES.indexOf(transit.stage as (typeof STAGES)[number]) + 1];
    const how = next === undefined ? random.weighted({ succeed: 6, fail: 1, vanish: 1 }) : random.weighted({ go: 8, fail: 1, vanish: 1 });
    if (how === 'go' && next !== undefined) {
      this.#set({ ...one, transit: { ...transit, stage: next } });
      return touched;
    }
    this.#set({ ...settled, host: how === 'succeed' ? transit.to : one.host });
    if (how === 'vanish') return touched;
    const outcome = how === 'succeed' ? 'succeeded' : 'failed';
    const end = finished(transit.id, one.name, {
      outcome,
      cause: transit.cause,
      from: transit.from,
      to: transit.to,
      createdAt: this.#serial,
    });
    this.ended.set(end.id, end);
    return { ...touched, finished: [end] };
  }
}
