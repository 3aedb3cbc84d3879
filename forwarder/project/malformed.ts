/**
 * What of an object cannot be understood, in words: a field that decides what is shown and is there with another type (T7). What is
 * missing is another matter: most fields may be.
 */
import { isRecord, valueAt } from './json.ts';

type Kind = 'text' | 'list' | 'object';

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  list: Array.isArray,
  object: isRecord,
};

/** The first of these fields that has another type; null counts as missing, as in Kubernetes. */
export function findMalformed(object: unknown, fields: readonly (readonly [kind: Kind, ...path: string[]])[]): string | undefined {
  for (const [kind, ...path] of fields) {
    const value = valueAt(object, ...path);
    if (value !== undefined && value !== null && !FITS[kind](value)) return `${path.join('.')} is no ${kind}`;
  }
  return undefined;
}
