/** What every Kubernetes object carries. An object without a sound identity is refused: nothing can be joined to it (T4). */
import { MAX_LABEL_CHARS, MAX_NAME_CHARS, MAX_UID_CHARS } from '../../core/limits.ts';
import { LABEL, SUBDOMAIN } from '../../core/names.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isRecord, type JsonRecord, recordAt, textAt, valueAt } from './json.ts';

export interface Identity {
  readonly name: string;
  readonly uid: string;
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
  /** `metadata.creationTimestamp`, milliseconds on the API server's clock; null where it is missing or no time. */
  readonly createdAt: number | null;
  readonly labels: JsonRecord;
  readonly annotations: JsonRecord;
}

export interface NamespacedIdentity extends Identity {
  readonly namespace: string;
}

export function projectIdentity(object: unknown): Result<Identity> {
  if (!isRecord(object)) return err('it is not an object');
  const name = projectName(object, 'name', MAX_NAME_CHARS, SUBDOMAIN);
  if (!name.ok) return name;
  const uid = projectName(object, 'uid', MAX_UID_CHARS, UID);
  if (!uid.ok) return uid;
  const created = Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '');
  return ok({
    name: name.value,
    uid: uid.value,
    deleting: textAt(object, 'metadata', 'deletionTimestamp') !== undefined,
    createdAt: created >= 0 ? created : null,
    labels: recordAt(object, 'metadata', 'labels'),
    annotations: recordAt(object, 'metadata', 'annotations'),
  });
}

export function projectNamespacedIdentity(object: unknown): Result<NamespacedIdentity> {
  const identity = projectIdentity(object);
  if (!identity.ok) return identity;
  const namespace = projectName(object, 'namespace', MAX_LABEL_CHARS, LABEL);
  return namespace.ok ? ok({ ...identity.value, namespace: namespace.value }) : namespace;
}

/** A slash would make two different keys one. */
const UID = /^[^/]+$/;

/** Names are keys: one that is too long or has characters that no name has is refused, not shortened or mended. */
function projectName(object: unknown, field: string, maxChars: number, pattern: RegExp): Result<string> {
  const value = valueAt(object, 'metadata', field);
  if (typeof value !== 'string' || value === '') return err(`metadata.${field} is missing`);
  if (value.length > maxChars) return err(`metadata.${field} is longer than ${maxChars} characters`);
  return pattern.test(value) ? ok(value) : err(`metadata.${field} has characters that it cannot have`);
}
