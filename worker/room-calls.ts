/**
 * Calls to Durable Objects that may fail underneath: overload, a reset, a deploy. After one the same stub goes on failing, so each attempt
 * makes its own; only reads are attempted twice, and never where the object is overloaded.
 */
export async function readTwice<Value>(attempt: () => Promise<Value>): Promise<Value> {
  try {
    return await attempt();
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return attempt();
  }
}

/** Workers mark such errors with these two fields. */
function isRetryable(error: unknown): boolean {
  const marks = error as { readonly retryable?: unknown; readonly overloaded?: unknown } | null;
  return marks?.retryable === true && marks.overloaded !== true;
}

/** Whether it is the platform's failure and not the object's own exception. */
export function isPlatformFailure(error: unknown): boolean {
  const marks = error as { readonly retryable?: unknown; readonly overloaded?: unknown; readonly durableObjectReset?: unknown } | null;
  return marks?.retryable === true || marks?.overloaded === true || marks?.durableObjectReset === true;
}

/** Maps with at most `width` under way; the order stays. */
export async function mapBounded<Item, Value>(
  items: readonly Item[],
  width: number,
  map: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  const queue = items.entries();
  const drain = async (): Promise<void> => {
    for (const [index, item] of queue) values[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, drain));
  return values;
}
