/**
 * Whether the next list is asked for as a stream of its objects (KEP-3157: Kubernetes 1.32, and 1.34 on) or in pages. Pure.
 *
 * A stream that breaks off is asked for once more, then pages are taken: something in between may not bear it. Pages always work, so
 * that a wrong guess costs memory and nothing else.
 */
import type { KubeFailure } from './kube-failure.ts';

export interface StreamMemory {
  /** On the reflector's clock; before it no stream is asked for. */
  readonly pagesUntil: number;
  /** How many streams in a row broke off before their end. */
  readonly brokenCount: number;
}

export const INITIAL_STREAM_MEMORY: StreamMemory = { pagesUntil: Number.NEGATIVE_INFINITY, brokenCount: 0 };
/** A server can be upgraded under us, or a proxy taken away. */
export const PAGES_FOR_MS = 3_600_000;
const MAX_BROKEN_COUNT = 2;

/** Between two objects of a list. A server that knows nothing of its end falls silent for a minute, until its first bookmark. */
export const STREAM_SILENCE_MS = 10_000;
/** For a list as a whole: one that ignores the question may have events without end. */
export const STREAM_LIST_MS = 120_000;

export const chooseList = ({ pagesUntil }: StreamMemory, now: number): 'stream' | 'pages' => (now < pagesUntil ? 'pages' : 'stream');

/** `cannot`: this server never will; `broken`: it began, or failed to; `unrelated`: any request would have failed so. */
export type StreamOutcome = 'synced' | 'cannot' | 'broken' | 'unrelated';

/** 422 where the gate is off (from 1.20 on; KEP-3157), the others from proxies and aggregated servers. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 406, 415, 422, 501]);
/** Aggregated servers say so what they cannot do; 504 is a watch cache that does not become fresh. */
const BREAKDOWNS: ReadonlySet<number> = new Set([500, 504]);

export interface StreamEnd {
  readonly failure: KubeFailure;
  /** The server had answered 200. */
  readonly isAccepted: boolean;
  /** It fell silent, took too long, or sent the bookmark of a plain watch. */
  readonly isEndless: boolean;
}

/** What the end of a stream before the end of its list says of the server. */
export function judgeStream({ failure, isAccepted, isEndless }: StreamEnd): Exclude<StreamOutcome, 'synced'> {
  if (isAccepted) return isEndless ? 'cannot' : 'broken';
  if (failure.kind !== 'status') return 'unrelated';
  if (REFUSALS.has(failure.status)) return 'cannot';
  return BREAKDOWNS.has(failure.status) ? 'broken' : 'unrelated';
}

export function rememberStream(memory: StreamMemory, outcome: StreamOutcome, now: number): StreamMemory {
  switch (outcome) {
    case 'synced':
      return INITIAL_STREAM_MEMORY;
    case 'unrelated':
      return memory;
    case 'cannot':
      return { pagesUntil: now + PAGES_FOR_MS, brokenCount: 0 };
    case 'broken': {
      const brokenCount = memory.brokenCount + 1;
      return brokenCount < MAX_BROKEN_COUNT ? { ...memory, brokenCount } : { pagesUntil: now + PAGES_FOR_MS, brokenCount: 0 };
    }
  }
}
