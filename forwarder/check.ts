/** Tries what `--check` plans, one after another, and changes nothing anywhere. */
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import type { Result } from '../core/result.ts';
import { type Attempt, attemptsOfLease, CLUSTER_UID_ATTEMPT, KIND_ATTEMPTS } from './check-plan.ts';
import { type CheckRow, isHopeless, judgeAttempt, judgeEdge, notTried } from './check-verdict.ts';
import type { LeaseName } from './config.ts';
import type { EdgeChecker } from './edge-client.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeFailure } from './kube-failure.ts';
import { textAt } from './project/json.ts';
import type { UplinkPlace } from './uplink-answer.ts';

export interface CheckOptions {
  readonly client: KubeClient;
  readonly edge: EdgeChecker;
  readonly place: UplinkPlace;
  readonly token: string;
  readonly lease?: LeaseName;
  /** What else the forwarder is to do with these settings (`--progress`). */
  readonly more?: readonly Attempt[];
}

const REQUEST_TIMEOUT_MS = 10_000;

/** In the order in which they are shown. */
export async function runCheck(options: CheckOptions, signal: AbortSignal): Promise<readonly CheckRow[]> {
  const { edge, place, token, lease, more = [] } = options;
  const trial = new Trial(options.client, signal);
  const namespace = await trial.attempt(CLUSTER_UID_ATTEMPT);
  for (const { list, watch } of KIND_ATTEMPTS) {
    const listed = await trial.attempt(list);
    // Where it may not be listed, any version will do: a watch is judged before it is looked at from where.
    const version = textOf(listed, 'metadata', 'resourceVersion') ?? '0';
    await trial.attempt({ ...watch, path: `${watch.path}&resourceVersion=${encodeURIComponent(version)}` });
  }
  for (const attempt of [...(lease === undefined ? [] : attemptsOfLease(lease)), ...more]) await trial.attempt(attempt);
  const clusterUid = textOf(namespace, 'metadata', 'uid') ?? null;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  const answer = await edge.check({ protocol: PROTOCOL_VERSION, clusterUid }, token, limit);
  return [...trial.rows, ...judgeEdge(answer, place)];
}

class Trial {
  readonly rows: CheckRow[] = [];
  readonly #client: KubeClient;
  readonly #signal: AbortSignal;
  #isHopeless = false;

  constructor(client: KubeClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** What was answered; null where it failed, or has no text. */
  async attempt(attempt: Attempt): Promise<string | null> {
    if (this.#isHopeless || this.#signal.aborted) {
      this.rows.push(notTried(attempt));
      return null;
    }
    const answer = attempt.verb === 'watch' ? await this.#watch(attempt) : await this.#exchange(attempt);
    this.rows.push(judgeAttempt(attempt, answer.ok ? null : answer.error));
    if (!answer.ok && isHopeless(answer.error)) this.#isHopeless = true;
    return answer.ok ? answer.value : null;
  }

  #exchange({ verb, path, body }: Attempt): Promise<Result<string | null, KubeFailure>> {
    const limits = { timeoutMs: REQUEST_TIMEOUT_MS, signal: this.#signal };
    if (body === undefined) return this.#client.getText(path, limits);
    return this.#client.exchange({ method: verb === 'create' ? 'POST' : 'PUT', path, body }, limits);
  }

  /** Opened, and closed at once. */
  async #watch({ path }: Attempt): Promise<Result<string | null, KubeFailure>> {
    const closing = new AbortController();
    const limit = AbortSignal.any([this.#signal, closing.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const stream = await this.#client.openStream(path, limit);
    closing.abort();
    return stream.ok ? { ok: true, value: null } : stream;
  }
}

const textOf = (body: string | null, ...path: readonly string[]): string | undefined => textAt(parseJson(body), ...path);

function parseJson(body: string | null): unknown {
  try {
    return body === null ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}
