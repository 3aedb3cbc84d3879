/** The same for many, some of them at a time. */

/** `count`: how many at a time. The answers come in the order in which the work ended. */
export async function inParallel<Item, Made>(items: readonly Item[], count: number, act: (item: Item) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) made.push(await act(item));
  };
  await Promise.all(Array.from({ length: count }, work));
  return made;
}
