/** What the room knows of one VM besides the picture, read when a frame changes the VM. A shell: when, is decided in detail-refresh.ts. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { VmDetail, VmHistory } from '../../core/history.ts';
import type { VmId } from '../../core/model.ts';
import type { Result } from '../../core/result.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import { readVmDetail, readVmHistory } from '../stream/late-api.ts';
import { dueAt, NOTHING_READ, nextRefresh, type RefreshEvent } from './detail-refresh.ts';

export interface VmDetailModel {
  /** Null before it was read, and for a VM that the cluster does not have. */
  readonly detail: ReadonlySignal<VmDetail | null>;
  /** Null before it was read, and where nothing is kept. */
  readonly history: ReadonlySignal<VmHistory | null>;
  /** Why the newest reading failed: what was read before stays, and may be old. */
  readonly failure: ReadonlySignal<ReadFailure | null>;
  /** Nothing was read yet, neither well nor badly. */
  readonly isPending: ReadonlySignal<boolean>;
  /** Reads anew now. */
  ask(): void;
  close(): void;
}

export function openVmDetail({ name, connection, followCommits }: ClusterSession, vm: VmId): VmDetailModel {
  const detail = signal<VmDetail | null>(null);
  const history = signal<VmHistory | null>(null);
  const failure = signal<ReadFailure | null>(null);
  const isPending = signal(true);
  const closing = new AbortController();
  let state = NOTHING_READ;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function advance(event: RefreshEvent): void {
    if (closing.signal.aborted) return;
    state = nextRefresh(state, event, performance.now());
    clearTimeout(timer);
    const at = dueAt(state);
    if (at === null) return;
    const waitMs = at - performance.now();
    if (waitMs > 0) timer = setTimeout(() => void read(), waitMs);
    else void read();
  }

  /** One after the other: two answers at once are no faster to whoever reads them. */
  async function read(): Promise<void> {
    advance({ name: 'begun' });
    const told = await readVmDetail(name, vm, closing.signal);
    // Of a VM that is gone there can still be a history.
    const kept = failureIn(told) === null ? await readVmHistory(name, vm, closing.signal) : null;
    if (closing.signal.aborted) return;
    const failed = failureIn(told) ?? (kept && failureIn(kept));
    batch(() => {
      if (failureIn(told) === null) detail.value = told.ok ? told.value : null;
      if (kept !== null && failureIn(kept) === null) history.value = kept.ok ? kept.value : null;
      failure.value = failed;
      isPending.value = false;
    });
    advance({ name: 'ended', retryAfterMs: failed?.kind === 'too-many-reads' ? failed.retryAfterMs : null });
  }

  const unfollow = followCommits(({ isReplaced, vms }) => {
    // What is painted of the past is no news.
    if (connection.past.peek() === null && (isReplaced || vms.has(vm))) advance({ name: 'changed' });
  });
  advance({ name: 'changed' });

  return {
    detail,
    history,
    failure,
    isPending,
    ask: () => advance({ name: 'asked' }),
    close() {
      unfollow();
      clearTimeout(timer);
      closing.abort();
    },
  };
}

/** That there is no such VM is an answer. */
const failureIn = (answer: Result<unknown, ReadFailure>): ReadFailure | null =>
  answer.ok || answer.error.kind === 'unknown-vm' ? null : answer.error;
