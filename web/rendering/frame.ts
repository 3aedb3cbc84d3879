/**
 * Double buffering: what arrives is applied at once to a plain back state, and painted once per animation frame, whole.
 * A snapshot and any number of frames between two paints are one commit.
 */
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { HostName, VmId } from '../../core/model.ts';
import { err, type Result } from '../../core/result.ts';

/** What a commit has to look at. */
export interface Changes {
  readonly state: ClusterState;
  /** The whole picture is replaced: everything may have changed, and nothing of it is a move that somebody saw. */
  readonly isReplaced: boolean;
  /** Those that frames have named. Not heeded where the whole picture is replaced. */
  readonly vms: ReadonlySet<VmId>;
  readonly hosts: ReadonlySet<HostName>;
}

export interface FrameBuffer {
  cursor(): string | null;
  /** The back state itself, which the next frame changes in place; null before the first snapshot. */
  held(): ClusterState | null;
  putSnapshot(snapshot: Snapshot): void;
  /** Refused where the frame does not follow what is held: something was lost on the way. */
  putFrame(frame: Frame): Result<ClusterState, 'gap'>;
  /** What arrives is kept, and not painted until {@link FrameBuffer.repaint}: something else stands painted. */
  hold(): void;
  /** Paints the whole of what is kept, whatever stands painted; where there is nothing yet, as soon as there is. */
  repaint(): void;
  close(): void;
}

/** `schedule` runs its argument once, soon, and answers how to call it off; `commit` paints. */
export function createFrameBuffer(schedule: (run: () => void) => () => void, commit: (changes: Changes) => void): FrameBuffer {
  let state: ClusterState | null = null;
  let isReplaced = false;
  let isHolding = false;
  let vms = new Set<VmId>();
  let hosts = new Set<HostName>();
  let cancel: (() => void) | null = null;

  function paint(): void {
    cancel = null;
    if (state === null || isHolding) return;
    const changes: Changes = { state, isReplaced, vms, hosts };
    isReplaced = false;
    vms = new Set();
    hosts = new Set();
    try {
      commit(changes);
    } catch (error) {
      // What of it was painted is not known: the next commit is of the whole, and soon, for a quiet cluster may give no cause for one.
      isReplaced = true;
      if (!changes.isReplaced) wake();
      throw error;
    }
  }

  function wake(): void {
    cancel ??= schedule(paint);
  }

  function repaint(): void {
    isHolding = false;
    isReplaced = true;
    wake();
  }

  return {
    cursor: () => state?.cursor ?? null,
    held: () => state,
    putSnapshot(snapshot) {
      state = stateOf(snapshot);
      isReplaced = true;
      wake();
    },
    hold: () => {
      isHolding = true;
    },
    repaint,
    putFrame(frame) {
      if (state === null) return err('gap');
      const applied = applyFrame(state, frame);
      // Of what is not painted nothing is remembered but the whole: it may be held for days.
      if (!applied.ok || isHolding) return applied;
      for (const vm of frame.vms ?? []) vms.add(vm.id);
      for (const id of frame.goneVms ?? []) vms.add(id);
      for (const host of frame.hosts ?? []) hosts.add(host.name);
      for (const name of frame.goneHosts ?? []) hosts.add(name);
      wake();
      return applied;
    },
    close() {
      cancel?.();
      cancel = null;
      state = null;
    },
  };
}

/** Animation frames stop in a hidden tab, where the picture must still be right when somebody looks. */
const HIDDEN_COMMIT_AFTER_MS = 1_000;

export function scheduleFrame(run: () => void): () => void {
  const cancel = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const runOnce = (): void => {
    cancel();
    run();
  };
  const frame = requestAnimationFrame(runOnce);
  const timer = setTimeout(runOnce, HIDDEN_COMMIT_AFTER_MS);
  return cancel;
}
