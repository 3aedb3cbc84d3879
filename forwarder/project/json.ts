/** Reading untrusted JSON: a field that is missing or of another type is absent, never a crash. */
import { MAX_LIST_COUNT, MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_UID_CHARS } from '../../core/limits.ts';
import { SUBDOMAIN } from '../../core/names.ts';
import { cleanText, isVisible, shortenText } from '../../core/text.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

const EMPTY_RECORD: JsonRecord = {};

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of fields; undefined where any of them is missing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const field of path) {
    if (!isRecord(found) || !Object.hasOwn(found, field)) return undefined;
    found = found[field];
  }
  return found;
}

export function recordAt(value: unknown, ...path: readonly string[]): JsonRecord {
  const found = valueAt(value, ...path);
  return isRecord(found) ? found : EMPTY_RECORD;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A text, cleaned and shortened to MAX_TEXT_CHARS; one in which nothing is to be seen is absent. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  const text = typeof found === 'string' ? cleanText(found) : '';
  return isVisible(text.slice(0, MAX_TEXT_CHARS)) ? shortenText(text) : undefined;
}

/**
 * The name of a host or a VM where an object refers to one. People can write anything there; what no object can be called is
 * absent, because the room would refuse the whole batch for it.
 */
export function nameAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found.length <= MAX_NAME_CHARS && SUBDOMAIN.test(found) ? found : undefined;
}

/** A uid where an object refers to another; never cut, for half a uid is another's. */
export function uidAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found !== '' && found.length <= MAX_UID_CHARS ? found : undefined;
}

export const isTrueAt = (value: unknown, ...path: readonly string[]): boolean => valueAt(value, ...path) === true;

export const shortenList = <Item>(items: readonly Item[]): readonly Item[] =>
  items.length <= MAX_LIST_COUNT ? items : items.slice(0, MAX_LIST_COUNT);

/** `{ [field]: value }`, or nothing where there is no value: an absent field is absent, as exactOptionalPropertyTypes wants it. */
export function optional<Field extends string, Value>(field: Field, value: Value | undefined): { [Key in Field]?: Value } {
  return value === undefined ? {} : ({ [field]: value } as { [Key in Field]: Value });
}
