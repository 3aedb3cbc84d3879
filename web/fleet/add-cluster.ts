/** Registering a cluster on the page: which names will do, and what the edge's answers mean. Pure. */
import { MAX_LABEL_CHARS } from '../../core/limits.ts';
import type { ClusterName } from '../../core/model.ts';
import { LABEL } from '../../core/names.ts';
import { problemText } from '../stream/answer.ts';

/** Why the registry would refuse a name; null where it would not. `known`: the names that are taken, as far as this viewer can see. */
export type NameFault = 'empty' | 'characters' | 'edge' | 'too-long' | 'taken';

export function faultOfName(name: string, known: ReadonlySet<ClusterName>): NameFault | null {
  if (name === '') return 'empty';
  if (/[^-a-z0-9]/.test(name)) return 'characters';
  if (!LABEL.test(name)) return 'edge';
  if (name.length > MAX_LABEL_CHARS) return 'too-long';
  return known.has(name) ? 'taken' : null;
}

export interface Install {
  readonly cluster: ClusterName;
  /** The line to be run against the cluster. */
  readonly command: string;
  /** On the server's clock; the line is no longer good from then on. */
  readonly expiresAt: number;
}

export type AddOutcome =
  | { readonly kind: 'issued'; readonly install: Install }
  | { readonly kind: 'wrong-token' }
  /** The name is registered already; another code can be made for it. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'too-many' }
  /** This edge has no ADMIN_TOKEN. */
  | { readonly kind: 'admin-off' }
  /** Too many wrong tokens; `seconds` until the next is heard, null where the edge does not say. */
  | { readonly kind: 'wait'; readonly seconds: number | null }
  /** What stands before the edge asks for a login. */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable' }
  /** `why` in the edge's words. */
  | { readonly kind: 'refused'; readonly why: string };

const KINDS: Readonly<Record<string, 'wrong-token' | 'taken' | 'too-many' | 'admin-off'>> = {
  unauthorized: 'wrong-token',
  'cluster-exists': 'taken',
  'too-many-clusters': 'too-many',
  'admin-disabled': 'admin-off',
};

/** Of `POST /api/v1/clusters` and `POST …/token`; `retryAfter` the header of that name. */
export function addOutcome(status: number, body: string, retryAfter: string | null): AddOutcome {
  if (status === 201) {
    const install = installOf(body);
    return install === null ? { kind: 'unreachable' } : { kind: 'issued', install };
  }
  const kind = KINDS[problemText(body, 'code') ?? ''];
  if (kind !== undefined) return { kind };
  if (status === 429) {
    const seconds = Math.ceil(Number(retryAfter));
    return { kind: 'wait', seconds: Number.isSafeInteger(seconds) && seconds > 0 ? seconds : null };
  }
  // How fetch tells a redirect that it did not follow.
  if (status === 0) return { kind: 'signed-out' };
  if (status === 408 || status >= 500) return { kind: 'unreachable' };
  return { kind: 'refused', why: problemText(body, 'detail') ?? `HTTP ${status}` };
}

/** Null where whatever answered is no edge. */
function installOf(body: string): Install | null {
  try {
    const { cluster, command, expiresAt }: Partial<Record<keyof Install, unknown>> = Object(JSON.parse(body));
    if (typeof cluster !== 'string' || typeof command !== 'string' || typeof expiresAt !== 'number') return null;
    return { cluster, command, expiresAt };
  } catch {
    return null;
  }
}
