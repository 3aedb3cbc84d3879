/**
 * A room's reports to the fleet: at each change of its summary and each time that the cluster speaks, while the fleet follows it, merged
 * to at most one in {@link REPORT_INTERVAL_MS}. The fleet follows only while somebody watches it, so that nothing is sent and nobody woken
 * otherwise. Reports are never waited for, and one that is lost is made good by the next: it names the cursor, and the fleet asks where
 * it does not know what belongs to that.
 */
import type { Frame } from '../core/downlink.ts';
import { REPORT_INTERVAL_MS } from '../core/limits.ts';
import type { Host, Vm } from '../core/model.ts';
import { type SummaryCounts, Tally } from '../core/summary.ts';
import type { SummaryHead, SummaryNews } from './fleet-overview.ts';
import { describeError, log } from './log.ts';

export interface FleetReporterOptions {
  readonly storage: DurableObjectStorage;
  readonly now: () => number;
  /** What is shown at the head, read anew. */
  readonly entities: () => { readonly hosts: readonly Host[]; readonly vms: readonly Vm[] };
  readonly head: () => SummaryHead;
  /** False where the fleet does not want any more. */
  readonly send: (news: SummaryNews) => Promise<boolean>;
}

/** Of the object's own key-value rows: until when it is followed. The object can be evicted between two heartbeats, and this must not be lost. */
const FOLLOWED_UNTIL = 'followed-until';

/** How long the next report has to wait; also where the clock was set back never longer than the interval. Pure. */
export const reportWaitMs = (sentAt: number, now: number): number =>
  Math.min(Math.max(0, sentAt + REPORT_INTERVAL_MS - now), REPORT_INTERVAL_MS);

export class FleetReporter {
  readonly #options: FleetReporterOptions;
  /** Undefined until first needed. */
  #until: number | undefined;
  /** While it is followed, once it was counted. */
  #tally: Tally | null = null;
  /** Whether the fleet may not have the counts of the head. */
  #isChanged = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FleetReporterOptions) {
    this.#options = options;
  }

  /** Reports until then; answers what there is now. */
  follow(until: number): SummaryCounts {
    this.#options.storage.kv.put(FOLLOWED_UNTIL, until);
    this.#until = until;
    return this.#counts();
  }

  /** The head has moved by this frame. */
  change(frame: () => Pick<Frame, 'hosts' | 'vms' | 'goneHosts' | 'goneVms'>): void {
    if (!this.#isFollowed()) return;
    this.#tally?.apply(frame());
    this.#isChanged = true;
    this.#schedule();
  }

  /** The cluster spoke. */
  hear(): void {
    if (this.#isFollowed()) this.#schedule();
  }

  /** The room is removed, or the fleet wants no more. Touches no storage. */
  end(): void {
    this.#until = 0;
    this.#tally = null;
    this.#isChanged = false;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #isFollowed(): boolean {
    const { storage, now } = this.#options;
    this.#until ??= storage.kv.get<number>(FOLLOWED_UNTIL) ?? 0;
    if (now() < this.#until) return true;
    if (this.#until !== 0) this.end();
    return false;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = reportWaitMs(this.#sentAt, this.#options.now());
    if (wait === 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), wait);
  }

  #send(): void {
    const { now, head, send, storage } = this.#options;
    this.#timer = undefined;
    this.#sentAt = now();
    const counts = this.#isChanged ? this.#counts() : null;
    this.#isChanged = false;
    const until = this.#until;
    send({ ...head(), counts }).then(
      (isWanted) => {
        // It can have asked anew meanwhile.
        if (isWanted || this.#until !== until) return;
        this.end();
        storage.kv.delete(FOLLOWED_UNTIL);
      },
      (error: unknown) => {
        this.#isChanged ||= counts !== null;
        log('warn', 'the fleet did not take a report', describeError(error));
      },
    );
  }

  #counts(): SummaryCounts {
    if (this.#tally === null) {
      const { hosts, vms } = this.#options.entities();
      this.#tally = new Tally(hosts, vms);
    }
    return this.#tally.counts;
  }
}
