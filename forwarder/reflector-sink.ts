/** What a reflector needs, and whom it tells. */
import type { FactKind, FactOf } from '../core/facts.ts';
import type { Result } from '../core/result.ts';
import type { Clock } from './clock.ts';
import type { KubeClient } from './kube-client.ts';
import type { FailedRequest, KubeFailure } from './kube-failure.ts';
import type { Resource } from './projector.ts';

/** What a reflector tells. Everything is called synchronously, in the turn in which the bytes arrived. */
export interface ReflectorSink<Kind extends FactKind> {
  /** `how`: whether the list came as a stream of its objects or in pages. */
  replace(facts: readonly FactOf[Kind][], how: 'stream' | 'pages'): void;
  set(fact: FactOf[Kind]): void;
  /** With the object's last state. */
  remove(fact: FactOf[Kind]): void;
  /** All that had arrived together was taken in, or the reflector's health changed. */
  settle(): void;
  failed(failure: KubeFailure, verb: FailedRequest['verb']): void;
  /** The API server has accepted a watch; the first, or one after another. */
  opened(): void;
  /** An event of the watch was understood. */
  heard(type: 'set' | 'remove' | 'bookmark'): void;
  /** It watches (again). */
  recovered(): void;
  /** An object that cannot be understood was left out. */
  malformed(reason: string): void;
  /** The server cannot send a list as a stream, and why; it is read in pages for a while. That is no failure. */
  unstreamed(failure: KubeFailure): void;
}

export interface ReflectorOptions<Kind extends FactKind> {
  readonly resource: Resource;
  readonly project: (object: unknown) => Result<FactOf[Kind]>;
  readonly client: KubeClient;
  readonly sink: ReflectorSink<Kind>;
  readonly clock: Clock;
  /** 0 ≤ number < 1 */
  readonly random: () => number;
}
