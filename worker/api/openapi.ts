/** The OpenAPI document, made of the routes' table and of the schemas that check what comes in. Pure; imported only when it is asked for. */
import { type ConversionConfig, toJsonSchemaDefs } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { ProblemCode } from '../../core/uplink.ts';
import * as entities from '../entity-schemas.ts';
import { statusOf } from '../problem.ts';
import * as requests from '../schemas.ts';
import * as answers from '../wire-schemas.ts';
import type { Access, Answer, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

type Json = { readonly [member: string]: unknown };

/** By the names that the document gives them. What is in here is referred to from all others. */
export const SCHEMAS = {
  ClusterName: entities.label,
  HostName: entities.subdomain,
  VmId: entities.vmId,
  Wait: entities.wait,
  Peer: entities.peer,
  Progress: entities.progress,
  DerivedHost: entities.host,
  DerivedVm: entities.derivedVm,
  DerivedTransit: entities.transit,
  FinishedMigration: entities.finishedMigration,
  Registration: requests.registration,
  Login: requests.login,
  ShareWish: requests.shareWish,
  OpenSession: requests.session,
  Batch: requests.batch,
  ProgressReport: requests.progressReport,
  Host: answers.host,
  Vm: answers.vm,
  Transit: answers.transit,
  LastMigration: answers.lastMigration,
  Snapshot: answers.snapshot,
  Frame: answers.frame,
  Pulse: answers.pulse,
  ProgressEvent: answers.progressEvent,
  ClusterSummary: answers.clusterSummary,
  ClusterList: answers.clusterList,
  FleetSnapshot: answers.fleetSnapshot,
  FleetFrame: answers.fleetFrame,
  FleetPulse: answers.fleetPulse,
  FramePage: answers.framePage,
  MigrationRecord: answers.migrationRecord,
  RunningMigration: answers.runningMigration,
  Migrations: answers.migrations,
  VmDetail: answers.vmDetail,
  VmHistory: answers.vmHistory,
  SessionOpened: answers.sessionOpened,
  BatchAnswer: answers.batchAnswer,
  UplinkCheck: answers.uplinkCheck,
  IssuedCode: answers.issuedCode,
  IssuedToken: answers.issuedToken,
  IssuedShare: answers.issuedShare,
  ShareList: answers.shareList,
  Nothing: answers.nothing,
  Health: answers.health,
  OpenApi: answers.openApi,
  Problem: answers.problem,
} as const satisfies Record<string, v.GenericSchema>;

/** Checks across fields, and texts that are read as something else, have no words in JSON Schema: the descriptions say them. */
const CONVERSION: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'input',
  ignoreActions: ['check', 'transform'],
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  overrideAction: ({ valibotAction, jsonSchema }) => (valibotAction.type === 'safe_integer' ? { ...jsonSchema, type: 'integer' } : null),
};

const SECURITY: Readonly<Record<Access, readonly Json[]>> = {
  everybody: [],
  // Nothing is needed where VIEWER_ACCESS is `open`.
  viewer: [{}, { viewerToken: [] }, { viewerCookie: [] }, { cloudflareAccess: [] }],
  admin: [{ adminToken: [] }],
  forwarder: [{ clusterToken: [] }],
  code: [{ installCode: [] }],
};

const bearer = (description: string): Json => ({ type: 'http', scheme: 'bearer', description });
const SECURITY_SCHEMES: Json = {
  viewerToken: bearer('VIEWER_TOKEN or the token of a share, where VIEWER_ACCESS is `token`.'),
  viewerCookie: { type: 'apiKey', in: 'cookie', name: '__Host-hostview', description: 'Set by logIn; over http it is `hostview`.' },
  cloudflareAccess: { type: 'apiKey', in: 'header', name: 'Cf-Access-Jwt-Assertion', description: 'Set by Cloudflare Access.' },
  adminToken: bearer('ADMIN_TOKEN.'),
  clusterToken: bearer('The token of the cluster’s forwarder.'),
  installCode: { type: 'apiKey', in: 'query', name: 'code', description: 'As registerCluster and issueCode answer it.' },
};

const ALWAYS: readonly ProblemCode[] = ['forbidden-host', 'internal', 'unavailable'];
const BY_ACCESS: Readonly<Record<Access, readonly ProblemCode[]>> = {
  everybody: [],
  viewer: ['login-required', 'access-required', 'viewer-access-closed', 'keys-unavailable', 'wrong-token', 'slow-down'],
  admin: ['unauthorized', 'admin-disabled', 'slow-down'],
  forwarder: ['unauthorized'],
  code: [],
};

/** What an operation can be refused with. */
export function problemsOf({ access, path, problems = [] }: Operation): readonly ProblemCode[] {
  const hidden: readonly ProblemCode[] = access === 'viewer' && path.includes(':cluster') ? ['unknown-cluster'] : [];
  return [...new Set([...problems, ...hidden, ...BY_ACCESS[access], ...ALWAYS])].sort();
}

export function composeOpenApi(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: formatOperation(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Hostview',
      version: '1',
      summary: 'Which VM is on which host right now, and what is moving.',
      description:
        'Times are milliseconds since the Unix epoch on the room’s clock. Fields may be added to every answer. An address that is not here is answered with 404 `not-found`, a method with 405 `method-not-allowed`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: toJsonSchemaDefs(SCHEMAS, CONVERSION),
      securitySchemes: SECURITY_SCHEMES,
      headers: { RequestId: { description: 'The request’s id, as in the log.', schema: { type: 'string' } } },
    },
  };
}

function formatOperation(operation: Operation): Json {
  const { id, summary, access, body } = operation;
  return {
    operationId: id,
    summary,
    security: SECURITY[access],
    parameters: [...pathParameters(operation), ...otherParameters(operation)],
    ...(body !== undefined && { requestBody: { required: true, content: { 'application/json': { schema: refTo(body) } } } }),
    responses: { ...formatAnswers(operation), ...formatProblems(operation) },
  };
}

const PATH_SCHEMAS: Readonly<Record<string, Json>> = {
  cluster: { $ref: '#/components/schemas/ClusterName' },
  namespace: { $ref: '#/components/schemas/ClusterName' },
  name: { $ref: '#/components/schemas/HostName' },
};

const pathParameters = ({ path }: Operation): Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: PATH_SCHEMAS[name] ?? { type: 'string' },
  }));

const otherParameters = ({ parameters = [], query }: Operation): Json[] =>
  parameters.map((parameter) => ({ ...parameter, schema: parameter.schema ?? queryEntry(query, parameter) }));

function queryEntry(query: Operation['query'], { name, in: place }: { readonly name: string; readonly in: string }): Json {
  const entry = place === 'query' ? query?.entries[name] : undefined;
  if (entry === undefined) return { type: 'string' };
  const { $schema: _, ...schema } = toJsonSchemaDefs(
    { entry: v.unwrap(entry as v.OptionalSchema<v.GenericSchema, undefined>) },
    CONVERSION,
  ).entry;
  return schema;
}

const formatAnswers = ({ answers }: Operation): Json =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, formatAnswer(answer)]));

function formatAnswer({ description, type, schema, events, asJson }: Answer): Json {
  const head = { description, headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } } };
  if (type === undefined) return head;
  const content = {
    [type]: {
      schema: schema === undefined ? { type: 'string' } : refTo(schema),
      ...(events !== undefined && { 'x-events': Object.fromEntries(Object.entries(events).map(([name, of]) => [name, refTo(of)])) }),
    },
    ...(asJson !== undefined && { 'application/json': { schema: refTo(asJson) } }),
  };
  return { ...head, content };
}

/** One answer a status: its codes in the description, and as a schema that a client can tell them apart by. */
function formatProblems(operation: Operation): Json {
  const byStatus = Map.groupBy(problemsOf(operation), statusOf);
  // Of a body that is no JSON, or encoded in an unknown way, the same codes have another status.
  if (operation.body !== undefined) byStatus.set(415, ['invalid', 'not-json']);
  const formatOne = (of: readonly ProblemCode[]): Json => ({
    description: of.map((code) => `\`${code}\``).join(', '),
    headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
    content: {
      'application/problem+json': { schema: { allOf: [refTo('Problem'), { type: 'object', properties: { code: { enum: of } } }] } },
    },
  });
  return Object.fromEntries([...byStatus].map(([status, of]) => [String(status), formatOne(of)]));
}

const refTo = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` });

let text: string | undefined;
/** Made once an isolate. */
export function openApiText(): string {
  text ??= JSON.stringify(composeOpenApi());
  return text;
}
