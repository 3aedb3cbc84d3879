/** Kubernetes' Status objects, in the words of a real API server. */
import type { ApiVerb } from './faults.ts';
import type { JsonObject } from './objects.ts';
import { formatResource, type Resource } from './resources.ts';

export interface ApiError {
  readonly code: number;
  /** Plain text where a real server answers plain text (a path that nothing serves). */
  readonly body: JsonObject | string;
  readonly retryAfter?: number;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

export function formatStatus(code: number, message: string, more: JsonObject = {}): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: REASONS[code] ?? 'InternalError',
    ...more,
    code,
  };
}

const refuse = (code: number, message: string, more: JsonObject = {}): ApiError => ({ code, body: formatStatus(code, message, more) });
const detailsOf = (resource: Resource, name?: string): JsonObject => ({
  ...(name === undefined ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.name,
});

/** A path nothing serves, also that of a resource whose CRD is not installed: a real server answers this text, not a Status. */
export const pathNotFound: ApiError = { code: 404, body: '404 page not found\n' };
/** A resource that a built-in group does not have: here a real server does answer a Status. */
export const resourceNotFound: ApiError = refuse(404, 'the server could not find the requested resource', { details: {} });
export const unauthorized: ApiError = refuse(401, 'Unauthorized');
export const badRequest = (message: string): ApiError => refuse(400, message);
export const invalid = (message: string): ApiError => refuse(422, message);
export const tooLarge: ApiError = refuse(413, 'Request entity too large: limit is 3145728');
export const methodNotAllowed = refuse(405, 'the server does not allow this method on the requested resource', { details: {} });

export const notFound = (resource: Resource, name: string): ApiError =>
  refuse(404, `${formatResource(resource)} "${name}" not found`, { details: detailsOf(resource, name) });

export const alreadyExists = (resource: Resource, name: string): ApiError =>
  refuse(409, `${formatResource(resource)} "${name}" already exists`, { reason: 'AlreadyExists', details: detailsOf(resource, name) });

export const conflict = (resource: Resource, name: string): ApiError =>
  refuse(
    409,
    `Operation cannot be fulfilled on ${formatResource(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { details: detailsOf(resource, name) },
  );

export function forbidden(
  verb: ApiVerb,
  resource: Resource,
  user: string,
  scope: { readonly namespace?: string | undefined; readonly name?: string | undefined },
): ApiError {
  const subject = scope.name === undefined ? formatResource(resource) : `${formatResource(resource)} "${scope.name}"`;
  const where = scope.namespace === undefined ? 'at the cluster scope' : `in the namespace "${scope.namespace}"`;
  return refuse(
    403,
    `${subject} is forbidden: User "${user}" cannot ${verb} resource "${resource.name}" in API group "${resource.group}" ${where}`,
    { details: detailsOf(resource, scope.name) },
  );
}

/** A continue token older than the kept history; the answer carries one that goes on without consistency, as a real server's. */
export const expiredToken = (inconsistent: string): ApiError => ({
  code: 410,
  body: {
    ...formatStatus(
      410,
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    ),
    metadata: { continue: inconsistent },
  },
});

/** What a watch says, in the stream, when it is asked to start before the kept history. */
export const tooOld = (asked: number, oldest: number): JsonObject => formatStatus(410, `too old resource version: ${asked} (${oldest})`);

export const tooLargeVersion = (asked: number, current: number): ApiError => ({
  ...refuse(504, `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
  }),
  retryAfter: 1,
});

/** A fault that a test asked for. */
export const injected = (code: number, retryAfter: number | undefined): ApiError => ({
  ...refuse(
    code,
    `injected fault: the server answers ${code}`,
    retryAfter === undefined ? {} : { details: { retryAfterSeconds: retryAfter } },
  ),
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
