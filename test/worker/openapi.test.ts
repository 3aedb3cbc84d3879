/** The OpenAPI document: it tells of every route and of nothing else, and refers to what it has. answers.test.ts holds answers against it. */
import type * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Frame, Pulse, Snapshot } from '../../core/downlink.ts';
import type { FleetFrame, FleetSnapshot } from '../../core/fleet.ts';
import type { FramePage, MigrationRecord, RunningMigration, VmDetail, VmHistory } from '../../core/history.ts';
import type {
  ClusterSummary,
  DerivedHost,
  DerivedTransit,
  DerivedVm,
  FinishedMigration,
  Host,
  LastMigration,
  Transit,
  Vm,
  Wait,
} from '../../core/model.ts';
import type { Progress } from '../../core/progress.ts';
import type { BatchAnswer, Problem, SessionOpened } from '../../core/uplink.ts';
import { composeOpenApi, problemsOf, type SCHEMAS } from '../../worker/api/openapi.ts';
import { OPERATIONS } from '../../worker/api/operations.ts';
import { PROBLEM_CODES, statusOf } from '../../worker/problem.ts';
import worker from '../../worker/worker.ts';
import { call } from './support.ts';

type Output<Name extends keyof typeof SCHEMAS> = v.InferOutput<(typeof SCHEMAS)[Name]>;
/** `true` where the schema has every member of the type: `satisfies` does not miss one that is optional. */
type Complete<Name extends keyof typeof SCHEMAS, Told> = [keyof Told] extends [keyof Output<Name>] ? true : never;
/** Does not compile where one is missing. */
const COMPLETE: readonly [
  Complete<'Host', Host>,
  Complete<'Vm', Vm>,
  Complete<'Transit', Transit>,
  Complete<'LastMigration', LastMigration>,
  Complete<'Snapshot', Snapshot>,
  Complete<'Frame', Frame>,
  Complete<'Pulse', Pulse>,
  Complete<'ClusterSummary', ClusterSummary>,
  Complete<'FleetSnapshot', FleetSnapshot>,
  Complete<'FleetFrame', FleetFrame>,
  Complete<'FramePage', FramePage>,
  Complete<'MigrationRecord', MigrationRecord>,
  Complete<'RunningMigration', RunningMigration>,
  Complete<'VmDetail', VmDetail>,
  Complete<'VmHistory', VmHistory>,
  Complete<'SessionOpened', SessionOpened>,
  Complete<'BatchAnswer', BatchAnswer>,
  Complete<'DerivedHost', DerivedHost>,
  Complete<'DerivedVm', DerivedVm>,
  Complete<'DerivedTransit', DerivedTransit>,
  Complete<'FinishedMigration', FinishedMigration>,
  Complete<'Progress', Progress>,
  Complete<'Wait', Wait>,
  Complete<'Problem', Problem>,
] = [
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
];

type Json = Record<string, unknown>;
const document = composeOpenApi() as unknown as {
  readonly paths: Record<string, Record<string, { operationId: string; responses: Json; security: Json[]; parameters: Json[] }>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
};

test('the schemas of answers have every member of their types', () => {
  expect(COMPLETE).not.toContain(undefined);
});

describe('the document', () => {
  test('has every route of the Worker, and no other', () => {
    const routes = new Set(worker.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`));
    const told = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...told].sort()).toEqual([...routes].sort());
    expect(new Set(told).size).toBe(told.length);
  });

  test('is served to everybody, also where viewing is closed', async () => {
    const response = await call('/api/v1/openapi.json', {}, { VIEWER_ACCESS: undefined, ADMIN_TOKEN: undefined });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('every reference leads somewhere', () => {
    for (const reference of referencesIn(document)) {
      const place = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
      expect(place, reference).toBeDefined();
    }
  });

  test('ids are unique, security schemes and path parameters are there, and no two addresses are the same', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, security, parameters, responses } of operations) {
      for (const scheme of security.flatMap(Object.keys)) expect(document.components.securitySchemes).toHaveProperty(scheme);
      const named = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
      const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const status of Object.keys(responses)) expect(status).toMatch(/^[2-5]\d\d$/);
    }
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/{\w+}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test('schemas are of JSON Schema 2020-12: known keywords, and `required` names properties', () => {
    for (const schema of schemasIn(document.components.schemas)) {
      for (const keyword of Object.keys(schema)) expect(KEYWORDS, JSON.stringify(schema)).toContain(keyword);
      const properties = Object.keys((schema.properties as Json | undefined) ?? {});
      for (const name of (schema.required as string[] | undefined) ?? []) expect(properties).toContain(name);
    }
  });

  test('every code is told of somewhere, but for those of addresses that are not there', () => {
    const told = new Set(OPERATIONS.flatMap(problemsOf));
    expect(PROBLEM_CODES.filter((code) => !told.has(code))).toEqual(['not-found', 'method-not-allowed']);
    for (const operation of OPERATIONS) {
      for (const code of problemsOf(operation)) expect(operation.answers).not.toHaveProperty(String(statusOf(code)));
    }
  });
});

const KEYWORDS = [
  ...['type', 'properties', 'required', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref', 'pattern', 'additionalProperties'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'propertyNames', 'minProperties', 'maxProperties'],
];

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref') yield String(inner);
    else yield* referencesIn(inner);
  }
}

/** All schemas within schemas. */
function* schemasIn(schemas: Json): Generator<Json> {
  for (const schema of Object.values(schemas) as Json[]) {
    if (typeof schema !== 'object') continue;
    yield schema;
    yield* schemasIn((schema.properties as Json | undefined) ?? {});
    for (const inner of [schema.items, schema.anyOf, schema.oneOf, schema.allOf])
      if (inner !== undefined) yield* schemasIn([inner].flat() as unknown as Json);
  }
}
