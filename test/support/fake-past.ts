/** What the edge without a cluster (fake-edge.ts) remembers, where a test looks at its past: each commit and the state after it, but no migrations. */
import type { ClusterState } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { FramePage, MigrationBuckets, MigrationPage } from '../../core/history.ts';
import type { FakeAnswer } from './fake-edge.ts';

export interface FakePast {
  /** Forgets what was: a new log begins. */
  begin(state: ClusterState, at: number): void;
  note(frame: Frame, state: ClusterState): void;
  /** `rest`: what follows the cluster in the address. Null: that is nothing of the past. */
  answer(rest: string, params: URLSearchParams): FakeAnswer | null;
}

interface Kept {
  readonly at: number;
  /** Null for the first. */
  readonly frame: Frame | null;
  readonly snapshot: Pick<Snapshot, 'cursor' | 'digest' | 'hosts' | 'vms'>;
}

export function createFakePast(cluster: string): FakePast {
  let kept: Kept[] = [];
  const keep = (state: ClusterState, at: number, frame: Frame | null): void => {
    const { cursor, digest, hosts, vms } = state;
    kept.push({ at, frame, snapshot: { cursor, digest, hosts: [...hosts.values()], vms: [...vms.values()] } });
  };

  function snapshotAt(at: number): FakeAnswer {
    const found = kept.findLast((each) => each.at <= at);
    if (found === undefined) return { status: 404, code: 'out-of-range' };
    return { body: { cluster, now: at, lastHeard: found.at, ...found.snapshot } satisfies Snapshot };
  }

  function page(from: string | null, limit: number): FakeAnswer {
    const first = from === null ? 0 : kept.findIndex(({ snapshot }) => snapshot.cursor === from);
    if (first < 0) return { status: 400, code: 'invalid-cursor' };
    const frames = kept.slice(first + 1, first + 1 + limit).flatMap(({ frame }) => frame ?? []);
    const reached = first + frames.length;
    return {
      body: {
        cursor: kept.at(-1)?.snapshot.cursor ?? null,
        oldest: kept[0]?.snapshot.cursor ?? null,
        oldestAt: kept[0]?.at ?? null,
        frames,
        next: reached + 1 < kept.length ? (kept[reached]?.snapshot.cursor ?? null) : null,
      } satisfies FramePage,
    };
  }

  function migrations(bucket: number): FakeAnswer {
    const now = Date.now();
    if (bucket > 0) return { body: { now, bucket, buckets: [], silences: [] } satisfies MigrationBuckets };
    return { body: { now, running: [], finished: [], next: null } satisfies MigrationPage };
  }

  return {
    begin(state, at) {
      kept = [];
      keep(state, at, null);
    },
    note: (frame, state) => keep(state, frame.at, frame),
    answer(rest, params) {
      const at = params.get('at');
      if (rest === '') return at === null ? null : snapshotAt(Number(at));
      if (rest === '/frames') return page(params.get('from'), Number(params.get('limit') ?? 100));
      return rest === '/migrations' ? migrations(Number(params.get('bucket') ?? 0)) : null;
    },
  };
}
