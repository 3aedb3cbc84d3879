/**
 * A room's log by hand, which answers as the room does: the past at a time is everything that was committed by then; frames are asked for by
 * cursor. A frame can be one that was not kept (S1).
 */
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import { parseCursor } from '../../core/cursor.ts';
import { formatCursor } from '../../core/cursor-format.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { FramePage } from '../../core/history.ts';
import type { Vm } from '../../core/model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PastSource } from '../../web/history/past-load.ts';
import type { ReadFailure } from '../../web/stream/late-answer.ts';

export interface LoggedChange {
  readonly at: number;
  readonly vms: readonly Vm[];
  /** Too large to be kept. */
  readonly isHole?: boolean;
}

export interface PastLog extends PastSource {
  readonly asked: string[];
  /** The state after each revision, from the first. */
  readonly states: readonly ClusterState[];
  readonly head: string;
}

export const loggedVm = (name: string, host: string, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host,
  state: 'running',
  migratable: { ok: true },
  ...extra,
});

const EPOCH = 'e';
const cursorAt = (revision: number): string => formatCursor({ epoch: EPOCH, revision });
const copyOf = (state: ClusterState): ClusterState => ({ ...state, hosts: new Map(state.hosts), vms: new Map(state.vms) });

/** The first change makes revision 1. `keptFrom`: the revision from which on everything is kept, with a checkpoint of it. */
export function createPastLog(changes: readonly LoggedChange[], keptFrom = 1, pageFrames = Number.POSITIVE_INFINITY): PastLog {
  const state = stateOf({ cursor: cursorAt(0), digest: formatDigest(digestOf([], [])), hosts: [], vms: [] });
  const states: ClusterState[] = [];
  const frames = changes.map((change, index): Frame => {
    const frame = { from: cursorAt(index), to: cursorAt(index + 1), at: change.at, digest: '', vms: change.vms };
    applyFrame(state, frame);
    state.digest = formatDigest(digestOf(state.hosts.values(), state.vms.values()));
    states.push(copyOf(state));
    return { ...frame, digest: state.digest };
  });
  const asked: string[] = [];
  const oldestAt = changes[keptFrom - 1]?.at ?? 0;

  async function snapshot(at: number): Promise<Result<Snapshot, ReadFailure>> {
    asked.push(`at ${at}`);
    const last = frames.findLastIndex((frame) => frame.at <= at);
    const found = states[last];
    if (found === undefined || at < oldestAt) return err({ kind: 'out-of-range', oldest: oldestAt });
    const { cursor, digest, hosts, vms } = found;
    return ok({ cluster: 'lab', cursor, digest, now: at, lastHeard: at, hosts: [...hosts.values()], vms: [...vms.values()] });
  }

  async function pageOf(from: string, limit: number): Promise<Result<FramePage, ReadFailure>> {
    asked.push(`from ${from} ${limit}`);
    const start = parseCursor(from);
    if (!start.ok || start.value.epoch !== EPOCH || start.value.revision < 1 || start.value.revision > frames.length)
      return err({ kind: 'other-log' });
    if (start.value.revision < keptFrom) return err({ kind: 'out-of-range', oldest: cursorAt(keptFrom) });
    const page: Frame[] = [];
    const most = Math.min(limit, pageFrames);
    let jump: FramePage['jump'];
    for (let index = start.value.revision; index < frames.length && page.length < most; index++) {
      const frame = frames[index];
      if (frame === undefined) break;
      if (changes[index]?.isHole === true) {
        jump = { to: frame.to, at: frame.at };
        break;
      }
      page.push(frame);
    }
    const reached = start.value.revision + page.length;
    return ok({
      cursor: cursorAt(frames.length),
      oldest: cursorAt(keptFrom),
      oldestAt,
      frames: page,
      next: jump === undefined && reached < frames.length ? cursorAt(reached) : null,
      ...(jump !== undefined && { jump }),
    });
  }

  return { asked, states, head: cursorAt(frames.length), snapshot, frames: pageOf };
}
