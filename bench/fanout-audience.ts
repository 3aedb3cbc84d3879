/** The viewers of the fan-out benchmark, in processes of their own (fanout-viewers.ts), as one. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { killAtExit } from '../local/children.ts';
import { ROOT } from '../local/paths.ts';
import { type Deliveries, mergeDeliveries } from './fanout-analysis.ts';
import { readUsage } from './process-usage.ts';

export interface OpenViewers {
  /** The number of the first; the others follow it. */
  readonly first: number;
  readonly count: number;
  readonly port: number;
  readonly path: string;
  /** What they have already. */
  readonly revision: number;
  readonly withinMs: number;
}

export type Ask = { readonly id: number } & (
  | { readonly do: 'open'; readonly target: OpenViewers }
  /** How many (but for frozen ones) are still behind a revision, asked until none is or the time is over. */
  | { readonly do: 'reach'; readonly revision: number; readonly withinMs: number }
  /** The last viewer of the process does not read any more. */
  | { readonly do: 'freeze' }
  /** It reads again. */
  | { readonly do: 'thaw' }
  /** What was noted since it was last taken. */
  | { readonly do: 'take' }
  | { readonly do: 'close' }
);

export interface Answer {
  readonly id: number;
  readonly value: unknown;
}

export interface Frozen {
  /** Its number. */
  readonly viewer: number;
  /** On its side. */
  readonly port: number;
}

export interface Noted {
  readonly deliveries: Deliveries;
  /** Streams that ended though nobody closed them. */
  cutOffs: { readonly viewer: number; readonly at: number }[];
  /** Frames that do not follow what the viewer had. */
  gaps: number;
  /** Of the one viewer whose events are parsed whole: those that are no frames with VMs. */
  malformed: number;
  /** Connections that got no stream. */
  refused: number;
}

const OPEN_WITHIN_MS = 60_000;

export class Audience {
  readonly #children: readonly ChildProcess[];
  readonly #waiting = new Map<number, (value: never) => void>();
  #asked = 0;

  constructor(processes: number) {
    this.#children = Array.from({ length: processes }, () =>
      killAtExit(
        fork(join(ROOT, 'bench/fanout-viewers.ts'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
      ),
    );
    for (const child of this.#children) {
      child.on('message', ({ id, value }: Answer) => {
        this.#waiting.get(id)?.(value as never);
        this.#waiting.delete(id);
      });
    }
  }

  /** Throws where not all of them got a stream. */
  async open(count: number, target: Pick<OpenViewers, 'port' | 'path' | 'revision'>): Promise<void> {
    const share = Math.ceil(count / this.#children.length);
    const closed = await this.#askAll<number>((index) => ({
      do: 'open',
      target: { ...target, first: index * share, count: Math.max(0, Math.min(share, count - index * share)), withinMs: OPEN_WITHIN_MS },
    }));
    const refused = closed.reduce((sum, one) => sum + one, 0);
    if (refused > 0) throw new Error(`${refused} of ${count} viewers got no stream`);
  }

  /** How many were still behind when the time was over. */
  async reach(revision: number, withinMs: number): Promise<number> {
    return (await this.#askAll<number>(() => ({ do: 'reach', revision, withinMs }))).reduce((sum, behind) => sum + behind, 0);
  }

  /** One viewer stops reading. */
  async freezeOne(): Promise<Frozen> {
    const [child] = this.#children;
    const frozen = child && (await this.#ask<Frozen | undefined>(child, { do: 'freeze' }));
    if (frozen === undefined) throw new Error('there are no viewers');
    return frozen;
  }

  async thaw(): Promise<void> {
    const [child] = this.#children;
    if (child !== undefined) await this.#ask(child, { do: 'thaw' });
  }

  async take(): Promise<Noted> {
    const parts = await this.#askAll<Noted>(() => ({ do: 'take' }));
    const sum = (field: 'gaps' | 'malformed' | 'refused'): number => parts.reduce((total, part) => total + part[field], 0);
    return {
      deliveries: mergeDeliveries(parts.map(({ deliveries }) => deliveries)),
      cutOffs: parts.flatMap(({ cutOffs }) => cutOffs),
      gaps: sum('gaps'),
      malformed: sum('malformed'),
      refused: sum('refused'),
    };
  }

  async close(): Promise<void> {
    await this.#askAll(() => ({ do: 'close' }));
  }

  /** Of all its processes together, milliseconds. */
  async cpuMs(): Promise<number> {
    const usages = await Promise.all(this.#children.map(({ pid }) => (pid === undefined ? null : readUsage(pid))));
    return usages.reduce((sum, usage) => sum + (usage?.cpuMs ?? 0), 0);
  }

  end(): void {
    for (const child of this.#children) child.disconnect();
  }

  #askAll<Value>(ask: (index: number) => WithoutId<Ask>): Promise<Value[]> {
    return Promise.all(this.#children.map((child, index) => this.#ask<Value>(child, ask(index))));
  }

  #ask<Value>(child: ChildProcess, ask: WithoutId<Ask>): Promise<Value> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the process of the viewers has ended'));
      child.once('exit', ended);
      this.#waiting.set(id, (value: Value) => {
        child.off('exit', ended);
        resolve(value);
      });
      child.send({ id, ...ask });
    });
  }
}

type WithoutId<Union> = Union extends unknown ? Omit<Union, 'id'> : never;
