/** What the room answers, untrusted, and how its refusals are said to people. Pure. */
import { parseRetryAfter } from './backoff.ts';
import { isRecord, isTrueAt, listAt, textAt } from './project/json.ts';

export type UplinkAnswer =
  /** `accepts`: what else the room takes (`progress`, U9). */
  | { readonly type: 'opened'; readonly session: number; readonly accepts?: readonly string[] }
  | { readonly type: 'accepted'; readonly resync: boolean }
  /** An error with a meaning; `code` is the problem's, where there is one. */
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly code: string | null;
      readonly detail: string | null;
      readonly retryAfterMs: number | null;
    }
  /** No answer, or none that can be read: what became of the batch is not known. */
  | { readonly type: 'lost'; readonly reason: string };

export interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** `expected`: the batch's number, or `session` for the answer to OpenSession. `now`: milliseconds since the Unix epoch. */
export function parseUplinkAnswer({ status, retryAfter, body }: RawAnswer, expected: number | 'session', now: number): UplinkAnswer {
  const json = parseJson(body);
  if (status < 200 || status > 299) {
    return {
      type: 'refused',
      status,
      code: textAt(json, 'code') ?? null,
      detail: textAt(json, 'detail') ?? textAt(json, 'title') ?? null,
      retryAfterMs: parseRetryAfter(retryAfter, now),
    };
  }
  if (!isRecord(json)) return { type: 'lost', reason: 'its answer is not JSON; is it Hostview?' };
  if (expected === 'session') {
    const { session } = json;
    if (typeof session === 'number' && Number.isSafeInteger(session)) {
      const accepts = listAt(json, 'accepts').filter((name) => typeof name === 'string');
      return { type: 'opened', session, ...(accepts.length > 0 && { accepts }) };
    }
    return { type: 'lost', reason: 'its answer has no session; is it Hostview?' };
  }
  if (json.number !== expected) return { type: 'lost', reason: `its answer is not for batch ${expected}` };
  return { type: 'accepted', resync: isTrueAt(json, 'resync') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface UplinkPlace {
  /** The edge's URL. */
  readonly edge: string;
  readonly cluster: string;
}

/** One sentence that says what to do; never a number that changes from try to try, so that a log can tell old news from new. */
export function formatUplinkProblem(answer: UplinkAnswer & { type: 'refused' | 'lost' }, { edge, cluster }: UplinkPlace): string {
  if (answer.type === 'lost') return `cannot reach the edge ${edge}: ${answer.reason}; changes are kept, trying again`;
  const said = answer.detail === null ? '' : `: ${answer.detail}`;
  switch (answer.code) {
    case 'superseded':
      return `another forwarder has taken over the cluster ${cluster}: run only one for each, or replicas that share a --lease; this one waits`;
    case 'other-cluster':
      return `the name ${cluster} belongs to another Kubernetes cluster on ${edge}${said}; register this cluster under a name of its own`;
    case 'protocol':
      return `the edge ${edge} does not speak this forwarder's protocol${said}; upgrade the forwarder`;
    case 'gap':
    case 'sync-required':
      return `the edge ${edge} has lost the thread of the session (${answer.code}); sending everything again`;
    case 'too-many-parts':
      return `the edge ${edge} does not take a sync in so many parts${said}; sending larger ones: let what is in front of it take bodies of 1 MB`;
    case 'too-many-vms':
    case 'too-many-hosts':
      return `the edge ${edge} does not take a cluster as large as ${cluster} (${answer.code})${said}`;
    case 'too-many-entities':
      return `the edge ${edge} finds too many entities in one batch${said}; sending smaller ones`;
    case 'too-many-batches':
      return `the edge ${edge} takes no more batches of the cluster ${cluster} for now${said}; is another program using its token? Changes are kept, trying again`;
    case 'invalid':
    case 'not-json':
    case 'name-too-long':
    case 'text-too-long':
    case 'list-too-long':
    case 'too-deep':
      return `the edge ${edge} does not understand what it is sent (${answer.code})${said}; run a forwarder of the edge's version`;
    case 'forbidden-host':
      return `the edge ${edge} does not answer to that name${said}; correct --edge`;
    case 'not-found':
    case 'method-not-allowed':
      return `the edge ${edge} takes no batches there (${answer.code})${said}; correct --edge, or upgrade the edge`;
    case 'unavailable':
      return `the edge ${edge} cannot reach the room of the cluster ${cluster} now${said}; changes are kept, trying again`;
    case 'internal':
      return `something went wrong inside the edge ${edge}, whose log says more${said}; changes are kept, trying again`;
    case 'unknown-cluster':
      return `the edge ${edge} does not know the cluster ${cluster}; register it there, or correct --cluster`;
    case 'unauthorized':
      return `the edge ${edge} does not accept the token for the cluster ${cluster}; check HOSTVIEW_TOKEN or --token-file, and whether it is registered there`;
  }
  switch (answer.status) {
    case 401:
    case 403:
      return `the edge ${edge} does not let this forwarder in (${answer.status})${said}; check the token`;
    case 404:
      return `the edge ${edge} answers 404${said}; check --edge and --cluster`;
    case 429:
      return `the edge ${edge} asks to slow down (429)${said}; changes are kept, trying again`;
    case 413:
      return `the edge ${edge} finds a batch too large${said}; sending smaller ones`;
    case 426:
      return `the edge ${edge} does not speak this forwarder's protocol${said}; upgrade the forwarder`;
    default:
      return `the edge ${edge} answers ${answer.status}${said}; changes are kept, trying again`;
  }
}
