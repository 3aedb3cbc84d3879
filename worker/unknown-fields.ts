/** How many fields of a message this version does not know (SPEC U8): those that its schema dropped. Pure. */

/** `output`: what the schema made of `input`; as deep as the schema is, so never deeper than it. */
export function countUnknownFields(input: unknown, output: unknown): number {
  if (!isObject(input) || !isObject(output)) return 0;
  if (Array.isArray(input)) return input.reduce<number>((sum, item, index) => sum + countUnknownFields(item, at(output, index)), 0);
  let count = 0;
  for (const key of Object.keys(input)) count += Object.hasOwn(output, key) ? countUnknownFields(at(input, key), at(output, key)) : 1;
  return count;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const at = (value: object, key: string | number): unknown => (value as Readonly<Record<string | number, unknown>>)[key];
