/**
 * KubeVirt's limits on migrations at once, and who waits for them (virt-controller, migration.go: findRunningMigrations,
 * outboundMigrationsOnNode). KubeVirt leaves a migration over the limit Pending and records nothing.
 *
 * Those that come next take the free slots here, though KubeVirt has not looked at them yet: else every VM in a long queue would lose
 * and regain its reason whenever one migration ends.
 */
import type { KubeVirtFact } from '../facts.ts';
import type { HostName, VmId, Wait } from '../model.ts';
import type { Backoff } from './waiting.ts';

export interface Limits {
  readonly perCluster: number;
  readonly perHost: number;
  /** Nobody said so: they are KubeVirt's defaults. */
  readonly assumed: boolean;
}

const DEFAULT_PER_CLUSTER = 5;
const DEFAULT_PER_HOST = 2;

/** A setting that the KubeVirt object leaves out is KubeVirt's default; without the object the defaults are assumed. */
export const limitsOf = (kubevirt: KubeVirtFact | undefined): Limits => ({
  perCluster: kubevirt?.perCluster ?? DEFAULT_PER_CLUSTER,
  perHost: kubevirt?.perHost ?? DEFAULT_PER_HOST,
  assumed: kubevirt === undefined,
});

/** A VM that uses a slot, or needs one. */
export interface SlotUser {
  readonly vm: VmId;
  /** Hosts whose outbound limit it counts against: where it is, and where its last migration came from. */
  readonly hosts: readonly HostName[];
  /** Its target pod exists. */
  readonly isRunning: boolean;
  /** It has a migration; else it was only asked to leave. */
  readonly hasMigration: boolean;
  readonly priority: string | undefined;
  readonly createdAt: number;
  /** What holds it besides. It takes no slot from others meanwhile. */
  readonly wait?: Wait | undefined;
  readonly backoff?: Backoff | undefined;
}

/** What each of those that wait waits for; one that comes next and has a migration waits for nothing. */
export function deriveSlotWaits(users: Iterable<SlotUser>, limits: Limits): Map<VmId, Wait> {
  const all = [...users];
  const slots = new Slots(limits);
  for (const user of all) if (user.isRunning) slots.take(user);
  const waits = new Map<VmId, Wait>();
  let place = 0;
  for (const user of all.filter(({ isRunning }) => !isRunning).sort(byTurn)) {
    const wait = user.wait ?? slots.waitOf(user);
    if (wait !== undefined) {
      const isInLine = user.hasMigration && user.wait === undefined;
      if (isInLine) place += 1;
      waits.set(user.vm, { ...wait, ...user.backoff, ...(isInLine && { place: roughPlace(place) }) });
    } else if (user.backoff !== undefined) waits.set(user.vm, { reason: 'backoff', ...user.backoff });
    else {
      slots.take(user);
      if (!user.hasMigration) waits.set(user.vm, { reason: 'no-migration' });
    }
  }
  return waits;
}

const EXACT_PLACES_COUNT = 10;

/**
 * Exact for the first ten, then the tens, hundreds … that it is at least: in a queue of thousands each migration that ends moves all
 * others up, and a row and a line on the wire for each of them would be a storm that says nothing.
 */
export function roughPlace(place: number): number {
  let step = 1;
  while (place > step * EXACT_PLACES_COUNT) step *= 10;
  return Math.floor(place / step) * step;
}

class Slots {
  readonly #limits: Limits;
  readonly #byHost = new Map<HostName, number>();
  #taken = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  take({ hosts }: SlotUser): void {
    this.#taken += 1;
    for (const host of new Set(hosts)) this.#byHost.set(host, this.#takenAt(host) + 1);
  }

  waitOf({ hosts }: SlotUser): Wait | undefined {
    const { perCluster, perHost, assumed } = this.#limits;
    const mark = assumed ? ({ assumed } as const) : {};
    if (this.#taken >= perCluster) return { reason: 'cluster-limit', used: this.#taken, limit: perCluster, ...mark };
    const [host] = hosts;
    if (host === undefined || this.#takenAt(host) < perHost) return undefined;
    return { reason: 'host-limit', host, used: this.#takenAt(host), limit: perHost, ...mark };
  }

  #takenAt(host: HostName): number {
    return this.#byHost.get(host) ?? 0;
  }
}

/** KubeVirt ≥ 1.7 has priorities; a migration that names none comes last. */
const PRIORITIES = ['system-critical', 'user-triggered', 'system-maintenance'];
const rankOf = ({ priority, hasMigration }: SlotUser): number => {
  if (!hasMigration) return PRIORITIES.length + 1;
  const rank = PRIORITIES.indexOf(priority ?? '');
  return rank < 0 ? PRIORITIES.length : rank;
};

const byTurn = (a: SlotUser, b: SlotUser): number =>
  rankOf(a) - rankOf(b) || a.createdAt - b.createdAt || (a.vm < b.vm ? -1 : a.vm > b.vm ? 1 : 0);
