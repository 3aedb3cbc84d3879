/** Faults a test can switch on: what a real API server does on a bad day. The server asks; nothing here touches a socket. */
import type { ResourceName } from './objects.ts';
import { RESOURCE_NAMES } from './resources.ts';

export type ApiVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface FailOptions {
  /** Only requests of this resource. */
  readonly kind?: ResourceName;
  /** Seconds, as the header Retry-After. */
  readonly retryAfter?: number;
}

export interface Failure {
  readonly status: number;
  readonly retryAfter?: number;
}

export interface Faults {
  /** The next `count` requests of a resource (or of any) answer `status`. */
  failNext(count: number, status: number, options?: FailOptions): void;
  /** Cuts the connection of every open watch, in the middle, without a farewell. */
  cutWatches(kind?: ResourceName): void;
  /** Open watches stay open and say nothing, not even a bookmark, until `thawWatches`: a silent loss. */
  freezeWatches(): void;
  thawWatches(): void;
  /** Every resourceVersion and continue token handed out so far becomes too old. */
  forgetHistory(): void;
  /** As if the resource's definition were not installed. Without the four of KubeVirt there is no group kubevirt.io. */
  withoutKind(resource: ResourceName): void;
  /** As RBAC refuses; `verb` `*` is every verb. */
  forbid(verb: ApiVerb | '*', resource: ResourceName): void;
  /** All of the above off again. */
  clear(): void;

  /** For the server: the failure this request is to meet, which is thereby used up. */
  takeFailure(resource: ResourceName | null): Failure | null;
  isInstalled(resource: ResourceName): boolean;
  isForbidden(verb: ApiVerb, resource: ResourceName): boolean;
  readonly frozen: boolean;
  /** For the server: called when watches are to be cut, or when they may speak again. */
  onWatches(listener: (order: { readonly type: 'cut'; readonly kind?: ResourceName } | { readonly type: 'thaw' }) => void): () => void;
}

export function createFaults(options: { readonly forgetHistory: () => void }): Faults {
  type Order = Parameters<Parameters<Faults['onWatches']>[0]>[0];
  interface Planned extends Failure {
    readonly kind?: ResourceName;
    left: number;
  }
  let planned: Planned[] = [];
  let frozen = false;
  const missing = new Set<ResourceName>();
  const forbidden = new Set<string>();
  const listeners = new Set<(order: Order) => void>();
  const tell = (order: Order): void => {
    for (const listener of [...listeners]) listener(order);
  };
  const thaw = (): void => {
    if (!frozen) return;
    frozen = false;
    tell({ type: 'thaw' });
  };

  return {
    failNext(count, status, { kind, retryAfter } = {}) {
      if (count <= 0) return;
      planned.push({ left: count, status, ...(kind === undefined ? {} : { kind }), ...(retryAfter === undefined ? {} : { retryAfter }) });
    },
    cutWatches: (kind) => tell(kind === undefined ? { type: 'cut' } : { type: 'cut', kind }),
    freezeWatches() {
      frozen = true;
    },
    thawWatches: thaw,
    forgetHistory: options.forgetHistory,
    withoutKind(resource) {
      missing.add(resource);
    },
    forbid(verb, resource) {
      forbidden.add(`${verb} ${resource}`);
    },
    clear() {
      planned = [];
      missing.clear();
      forbidden.clear();
      thaw();
    },
    takeFailure(resource) {
      const found = planned.find((failure) => failure.kind === undefined || failure.kind === resource);
      if (found === undefined) return null;
      found.left -= 1;
      planned = planned.filter((failure) => failure.left > 0);
      return found.retryAfter === undefined ? { status: found.status } : { status: found.status, retryAfter: found.retryAfter };
    },
    isInstalled: (resource) => RESOURCE_NAMES.includes(resource) && !missing.has(resource),
    isForbidden: (verb, resource) => forbidden.has(`${verb} ${resource}`) || forbidden.has(`* ${resource}`),
    get frozen() {
      return frozen;
    },
    onWatches(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
