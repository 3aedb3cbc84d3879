/** Values that fit a schema of the OpenAPI document, as far as JSON Schema says it. */
import { composeOpenApi } from '../../../worker/api/openapi.ts';
import type { Random } from '../simulation/random.ts';

export type Schema = { readonly [keyword: string]: unknown };

const document = composeOpenApi() as { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } };

export function resolve(schema: Schema): Schema {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  return name === undefined ? schema : resolve(document.components.schemas[name] ?? {});
}

export const schemaOf = (name: string): Schema => resolve({ $ref: `#/components/schemas/${name}` });

/** Few names, so that different requests speak of the same things. */
const NAMES = ['a', 'b', 'host-1', 'host-2', 'ubuntu', 'default'] as const;
const PATTERNS: readonly (readonly [RegExp, (random: Random) => string])[] = [
  [/\[0-9a-f\]\{16\}/, () => '0123456789abcdef'],
  [/\[\^\/\]/, (random) => `default/${random.pick(NAMES)}`],
  [/a-z0-9/, (random) => random.pick(NAMES)],
];

export function sample(schema: Schema, random: Random): unknown {
  const resolved = resolve(schema);
  const choices = (resolved.anyOf ?? resolved.oneOf) as readonly Schema[] | undefined;
  if (choices !== undefined) return sample(random.pick(choices), random);
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum !== undefined) return random.pick(resolved.enum as unknown[]);
  switch (resolved.type) {
    case 'object':
      return sampleObject(resolved, random);
    case 'array':
      return Array.from({ length: random.below(3) }, () => sample(resolved.items as Schema, random));
    case 'string':
      return sampleText(resolved, random);
    case 'integer':
    case 'number':
      return Number(resolved.minimum ?? 0) + random.below(3);
    case 'boolean':
      return random.chance(0.5);
    default:
      return null;
  }
}

function sampleObject(resolved: Schema, random: Random): Record<string, unknown> {
  const { properties, required } = resolved;
  const fields = Object.entries((properties ?? {}) as Record<string, Schema>);
  const wanted = fields.filter(([name]) => (required as string[] | undefined)?.includes(name) === true || random.chance(0.4));
  return Object.fromEntries([...wanted.map(([name, schema]) => [name, sample(schema, random)]), ...sampleEntries(resolved, random)]);
}

/** Of an object whose keys are of no list. */
function sampleEntries({ propertyNames, additionalProperties }: Schema, random: Random): [string, unknown][] {
  if (typeof propertyNames !== 'object' || typeof additionalProperties !== 'object') return [];
  const names = Array.from({ length: 1 + random.below(2) }, () => String(sample(propertyNames as Schema, random)));
  return names.map((name) => [name, sample(additionalProperties as Schema, random)]);
}

function sampleText({ pattern }: Schema, random: Random): string {
  const make = PATTERNS.find(([kind]) => typeof pattern === 'string' && kind.test(pattern))?.[1];
  return make?.(random) ?? random.pick(NAMES);
}
