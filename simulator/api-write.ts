/**
 * The writes a client may make: VMIMs (create = start a migration, delete = abort it), leases, and cordoning a node. Bodies are
 * untrusted; what is wrong with one is said the way a real API server says it.
 */
import { type ApiError, alreadyExists, badRequest, conflict, invalid, notFound } from './api-status.ts';
import { formatTime, type Json, type JsonObject, type Lease, omit, type StringMap } from './objects.ts';
import { formatResource, RESOURCES, type Resource } from './resources.ts';
import type { Cluster } from './types.ts';

export type WriteResult =
  | { readonly ok: true; readonly code: 200 | 201; readonly body: object }
  | { readonly ok: false; readonly error: ApiError };

const done = (body: object, code: 200 | 201 = 200): WriteResult => ({ ok: true, code, body });
const refuse = (error: ApiError): WriteResult => ({ ok: false, error });

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const readObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const readString = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
function readStrings(value: Json | undefined): StringMap {
  const entries = Object.entries(readObject(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

/** RFC 7396: null removes a key, objects are merged, everything else replaces. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: Record<string, Json | undefined> = { ...readObject(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[key];
    else merged[key] = applyMergePatch(merged[key], value);
  }
  return merged;
}

interface Names {
  readonly name: string | undefined;
  readonly generateName: string | undefined;
}

const DNS_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** What every created object needs: the right kind, a namespace that exists and agrees, and a usable name. */
function findCreationError(cluster: Cluster, resource: Resource, namespace: string, body: JsonObject, names: Names): ApiError | null {
  // Without a kind the path says what it is.
  if (body.kind !== undefined && body.kind !== resource.kind) {
    return badRequest(
      `the object provided is unrecognized: kind is ${JSON.stringify(body.kind ?? '')}, expected ${JSON.stringify(resource.kind)}`,
    );
  }
  const own = readString(readObject(body.metadata).namespace);
  if (own !== undefined && own !== namespace)
    return badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (cluster.get('namespaces', undefined, namespace) === undefined) return notFound(RESOURCES.namespaces, namespace);
  const { name, generateName } = names;
  if (name === undefined && generateName === undefined) {
    return invalid(`${resource.kind}.${resource.group} "" is invalid: metadata.name: Required value: name or generateName is required`);
  }
  if (!DNS_NAME.test(name ?? `${generateName}x`)) {
    return invalid(
      `${formatResource(resource)} "${name ?? generateName}" is invalid: metadata.name: Invalid value: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
    );
  }
  if (name !== undefined && cluster.get(resource.name, namespace, name) !== undefined) return alreadyExists(resource, name);
  return null;
}

function createMigration(cluster: Cluster, namespace: string, body: JsonObject, { name, generateName }: Names): WriteResult {
  const spec = readObject(body.spec);
  const vmiName = readString(spec.vmiName);
  if (vmiName === undefined) {
    return refuse(invalid('VirtualMachineInstanceMigration.kubevirt.io "" is invalid: spec.vmiName: Required value'));
  }
  const requested = readStrings(spec.addedNodeSelector)['kubernetes.io/hostname'];
  if (requested !== undefined && cluster.get('nodes', undefined, requested) === undefined) {
    return refuse(badRequest(`spec.addedNodeSelector asks for host "${requested}", which this cluster does not have`));
  }
  const refusal = cluster.refusalOf({ namespace, name: vmiName });
  if (refusal !== null) {
    return refuse(badRequest(`admission webhook "migration-create-validator.kubevirt.io" denied the request: ${refusal}`));
  }
  const metadata = readObject(body.metadata);
  const migration = cluster.submit({
    namespace,
    vmiName,
    ...(name === undefined ? {} : { name }),
    ...(generateName === undefined ? {} : { generateName }),
    ...(requested === undefined ? {} : { requested }),
    labels: readStrings(metadata.labels),
    annotations: readStrings(metadata.annotations),
  });
  return done(migration, 201);
}

function createLease(cluster: Cluster, namespace: string, body: JsonObject, { name, generateName }: Names): WriteResult {
  const metadata = readObject(body.metadata);
  const lease: Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: name ?? `${generateName}${cluster.random.suffix()}`,
      namespace,
      uid: cluster.createUid('lease'),
      resourceVersion: '',
      creationTimestamp: formatTime(cluster.clock.now()),
      labels: readStrings(metadata.labels),
      annotations: readStrings(metadata.annotations),
    },
    spec: readObject(body.spec),
  };
  return done(cluster.store.create('leases', lease), 201);
}

export function createObject(cluster: Cluster, resource: Resource, namespace: string, body: JsonObject): WriteResult {
  const metadata = readObject(body.metadata);
  const names: Names = { name: readString(metadata.name), generateName: readString(metadata.generateName) };
  const error = findCreationError(cluster, resource, namespace, body, names);
  if (error !== null) return refuse(error);
  return resource.name === 'leases' ? createLease(cluster, namespace, body, names) : createMigration(cluster, namespace, body, names);
}

function writeLease(cluster: Cluster, namespace: string, name: string, change: (lease: Lease) => JsonObject): WriteResult {
  const lease = cluster.get('leases', namespace, name);
  if (lease === undefined) return refuse(notFound(RESOURCES.leases, name));
  const next = change(lease);
  const metadata = readObject(next.metadata);
  const expected = readString(metadata.resourceVersion);
  if (expected !== undefined && expected !== lease.metadata.resourceVersion) return refuse(conflict(RESOURCES.leases, name));
  const written = cluster.store.update('leases', {
    ...lease,
    metadata: { ...lease.metadata, labels: readStrings(metadata.labels), annotations: readStrings(metadata.annotations) },
    spec: readObject(next.spec),
  });
  return done(written ?? lease);
}

/** PUT. Leases only; with an old resourceVersion it is a conflict. */
export function updateObject(cluster: Cluster, namespace: string, name: string, body: JsonObject): WriteResult {
  if (readString(readObject(body.metadata).name) !== name) {
    return refuse(badRequest('the name of the object does not match the name on the URL'));
  }
  return writeLease(cluster, namespace, name, () => body);
}

/** Merge patch of a lease, or of a node's `spec.unschedulable` (cordon, uncordon). */
export function patchObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  patch: JsonObject,
): WriteResult {
  if (resource.name === 'leases') {
    return writeLease(cluster, namespace ?? '', name, (lease) => {
      const current: JsonObject = {
        metadata: { labels: lease.metadata.labels, annotations: lease.metadata.annotations },
        spec: lease.spec,
      };
      return readObject(applyMergePatch(current, patch));
    });
  }
  if (cluster.get('nodes', undefined, name) === undefined) return refuse(notFound(resource, name));
  const spec = readObject(patch.spec);
  const unschedulable = spec.unschedulable;
  const known = Object.keys(omit(patch, 'apiVersion', 'kind')).join() === 'spec' && Object.keys(spec).join() === 'unschedulable';
  if (!known || !(unschedulable === null || typeof unschedulable === 'boolean')) {
    return refuse(invalid(`nodes "${name}" is invalid: this simulated server patches only spec.unschedulable (true, false or null)`));
  }
  if (unschedulable === true) cluster.cordon(name);
  else cluster.uncordon(name);
  return done(cluster.get('nodes', undefined, name) ?? {});
}

/** Answers the object while a finalizer holds it, else a Status. */
export function deleteObject(cluster: Cluster, resource: Resource, namespace: string, name: string): WriteResult {
  const object = cluster.get(resource.name, namespace, name);
  if (object === undefined) return refuse(notFound(resource, name));
  const left = resource.name === 'leases' ? cluster.store.remove('leases', namespace, name) : cluster.removeMigration(namespace, name);
  if (left !== undefined) return done(left);
  const details = { name, group: resource.group, kind: resource.name, uid: object.metadata.uid };
  return done({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}
