/** How a route is told of in the OpenAPI document, and what several of them share. */
import type * as v from 'valibot';
import type { ProblemCode } from '../../core/uplink.ts';

/** `forwarder`: the cluster's own token; `code`: an install code, in the query. */
export type Access = 'everybody' | 'viewer' | 'admin' | 'forwarder' | 'code';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
  readonly required?: true;
  /** Where the schema that checks it sees only text. */
  readonly schema?: { readonly type: 'integer'; readonly minimum: number; readonly maximum: number; readonly default?: number };
}

export interface Answer {
  readonly description: string;
  /** Absent: no body. */
  readonly type?: 'application/json' | 'application/yaml' | 'text/plain' | 'text/event-stream';
  /** For JSON, the name of its schema (openapi.ts, SCHEMAS). */
  readonly schema?: string;
  /** For a stream: the schema of each event's data. */
  readonly events?: Readonly<Record<string, string>>;
  /** Instead of the first where the request accepts only JSON. */
  readonly asJson?: string;
}

export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** As Hono writes it. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly access: Access;
  /** Checked with this; what its parameters mean stands in `parameters`. */
  readonly query?: v.ObjectSchema<v.ObjectEntries, undefined>;
  readonly parameters?: readonly Parameter[];
  /** The name of the body's schema. */
  readonly body?: string;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that its access and its method bring (openapi.ts). */
  readonly problems?: readonly ProblemCode[];
}

export const CLUSTERS = '/api/v1/clusters';
export const CLUSTER = `${CLUSTERS}/:cluster`;

export const BODY: readonly ProblemCode[] = [
  'not-json',
  'invalid',
  'too-large',
  'too-deep',
  'name-too-long',
  'text-too-long',
  'list-too-long',
];

export const json = (schema: string, description: string): Answer => ({ type: 'application/json', schema, description });
export const done = (description: string): Answer => ({ description });
