/** A forwarder on a bad line: its requests and their answers get lost, are doubled and come late; it goes on as SPEC U1–U5 say. */
import type { FinishedMigration } from '../../../core/model.ts';
import { PROTOCOL_VERSION } from '../../../core/protocol-version.ts';
import type { Batch, BatchAnswer, Problem, SessionOpened } from '../../../core/uplink.ts';
import { bearer, call } from '../support.ts';
import type { Oracle } from './oracle.ts';
import type { Random } from './random.ts';
import { digestOfFacts, type Touched, type World } from './world.ts';

/** After these a forwarder opens a new session. */
const SESSION_OVER = ['superseded', 'gap', 'sync-required'];
/** Steps that a superseded forwarder waits before it takes over (U11). */
const SUPERSEDED_WAIT_STEPS = 12;

/** What happens to one request. */
type Fate = 'arrives' | 'request-lost' | 'answer-lost' | 'doubled' | 'late';
const BAD_LINE: Readonly<Record<Fate, number>> = { arrives: 12, 'request-lost': 1, 'answer-lost': 1, doubled: 1, late: 1 };

export interface Line {
  readonly cluster: string;
  token: string;
  readonly oracle: Oracle;
  readonly random: Random;
  readonly world: World;
  /** While true, every request arrives and is answered. */
  isGood: boolean;
}

export class SimulatedForwarder {
  readonly #line: Line;
  readonly #protocol: number;
  #session: { readonly number: number; isSynced: boolean; next: number } | null = null;
  #unsent = { hosts: new Set<string>(), vms: new Set<string>(), finished: [] as FinishedMigration[] };
  /** What is left of the sync under way. */
  #sync: Batch[] = [];
  /** Sent, and not answered yet: a retry repeats the same bytes (U2). */
  #unanswered: Batch | null = null;
  #late: Batch[] = [];
  #waits = 0;

  constructor(line: Line, protocol = PROTOCOL_VERSION) {
    this.#line = line;
    this.#protocol = protocol;
  }

  notice({ hosts, vms, finished }: Touched): void {
    for (const name of hosts) this.#unsent.hosts.add(name);
    for (const id of vms) this.#unsent.vms.add(id);
    this.#unsent.finished.push(...finished);
  }

  /** Whether the room has acknowledged all that there is. */
  get isDone(): boolean {
    const { hosts, vms, finished } = this.#unsent;
    return this.#session?.isSynced === true && this.#unanswered === null && hosts.size + vms.size + finished.length === 0;
  }

  /** One request, or none. */
  async step(): Promise<void> {
    if (this.#waits > 0) {
      this.#waits -= 1;
      return;
    }
    if (this.#session === null) return this.#open();
    this.#unanswered ??= this.#next(this.#session);
    await this.#send(this.#unanswered);
  }

  /** Something that was sent long ago arrives now; nobody reads the answer. */
  async deliverLate(): Promise<void> {
    const batch = this.#late.shift();
    if (batch !== undefined) await this.#post(batch);
  }

  /** A batch that is not its turn, whatever got lost before: nothing may come of it (U2). */
  async skip(): Promise<void> {
    const { random, world } = this.#line;
    const number = (this.#session?.next ?? 0) + 2 + random.below(3);
    if (this.#session !== null)
      await this.#post({ kind: 'heartbeat', session: this.#session.number, number, digest: digestOfFacts(world) });
  }

  /** The process dies and starts anew: it knows nothing, and the cluster tells it again what is over. */
  restart(): void {
    this.#session = null;
    this.#sync = [];
    this.#unanswered = null;
    this.#waits = 0;
    this.#unsent = { hosts: new Set(), vms: new Set(), finished: [...this.#line.world.ended.values()] };
  }

  async #open(): Promise<void> {
    const { cluster, token, random, isGood, oracle } = this.#line;
    if (!isGood && random.chance(0.1)) return;
    const body = { protocol: this.#protocol, clusterUid: 'uid-of-the-simulation', forwarder: 'simulation' };
    const answer = await call(`/api/v1/clusters/${cluster}/sessions`, {
      method: 'POST',
      headers: bearer(token),
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`a session was refused: ${answer.status} ${await answer.text()}`);
    const opened = await answer.json<SessionOpened>();
    oracle.opened(opened.session);
    if (!isGood && random.chance(0.1)) return;
    this.#session = { number: opened.session, isSynced: false, next: 1 };
    this.#sync = this.#partsOf(opened.session);
  }

  /** All that there is, in one to three parts; what changes meanwhile waits (U3). */
  #partsOf(session: number): Batch[] {
    const { world, random } = this.#line;
    const count = 1 + random.below(3);
    const { finished } = this.#unsent;
    this.#unsent = { hosts: new Set(), vms: new Set(), finished: [] };
    const ofPart = <Item>(items: readonly Item[], part: number): Item[] => items.filter((_, index) => index % count === part);
    const parts = Array.from(
      { length: count },
      (_, part): Batch => ({
        kind: 'sync-part',
        session,
        number: part + 1,
        hosts: ofPart([...world.hosts.values()], part),
        vms: ofPart([...world.vms.values()], part),
        finished: ofPart(finished, part),
      }),
    );
    return [...parts, { kind: 'sync-commit', session, number: count + 1, parts: count, digest: digestOfFacts(world) }];
  }

  #next(session: { readonly number: number; next: number }): Batch {
    const [part] = this.#sync;
    if (part !== undefined) return part;
    const { world } = this.#line;
    const { hosts, vms, finished } = this.#unsent;
    const numbered = { session: session.number, number: session.next, digest: digestOfFacts(world) };
    if (hosts.size + vms.size + finished.length === 0) return { kind: 'heartbeat', ...numbered };
    this.#unsent = { hosts: new Set(), vms: new Set(), finished: [] };
    return {
      kind: 'changes',
      ...numbered,
      hosts: [...hosts].flatMap((name) => world.hosts.get(name) ?? []),
      vms: [...vms].flatMap((id) => world.vms.get(id) ?? []),
      finished,
      goneHosts: [...hosts].filter((name) => !world.hosts.has(name)),
      goneVms: [...vms].filter((id) => !world.vms.has(id)),
    };
  }

  async #send(batch: Batch): Promise<void> {
    const { random, isGood } = this.#line;
    const fate = isGood ? 'arrives' : random.weighted(BAD_LINE);
    if (fate === 'request-lost') return;
    if (fate === 'late') {
      this.#late.push(batch);
      return;
    }
    const answer = await this.#post(batch);
    if (fate === 'answer-lost') return;
    if (fate === 'doubled') await this.#post(batch);
    this.#read(batch, answer);
  }

  #read(batch: Batch, answer: BatchAnswer | string): void {
    const session = this.#session;
    if (session === null) return;
    if (typeof answer === 'string') {
      if (!SESSION_OVER.includes(answer)) throw new Error(`a batch was refused: ${answer}`);
      if (answer === 'superseded') this.#waits = this.#line.isGood ? 0 : SUPERSEDED_WAIT_STEPS;
      this.#giveUpSession(batch);
      return;
    }
    this.#unanswered = null;
    session.next = batch.number + 1;
    if (batch.kind === 'sync-part' || batch.kind === 'sync-commit') this.#sync.shift();
    if (batch.kind === 'sync-commit') session.isSynced = true;
    if (answer.resync) this.#giveUpSession(null);
  }

  /** Ends that were not acknowledged are told again; everything else is in the next sync (U4). */
  #giveUpSession(unanswered: Batch | null): void {
    const lost = [...(unanswered === null ? [] : [unanswered]), ...this.#sync];
    for (const batch of lost) if (batch.kind === 'changes' || batch.kind === 'sync-part') this.#unsent.finished.push(...batch.finished);
    this.#session = null;
    this.#unanswered = null;
    this.#sync = [];
  }

  /** The answer, or the code of the refusal. */
  async #post(batch: Batch): Promise<BatchAnswer | string> {
    const { cluster, token, oracle } = this.#line;
    const init = { method: 'POST', headers: bearer(token), body: JSON.stringify(batch) };
    const answer = await call(`/api/v1/clusters/${cluster}/batches`, init);
    if (answer.status !== 200) {
      const { code } = await answer.json<Problem>();
      oracle.refused(batch, code);
      return code;
    }
    const taken = await answer.json<BatchAnswer>();
    oracle.accepted(batch, taken);
    return taken;
  }
}
