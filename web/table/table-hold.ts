/**
 * What is shown while somebody points at the table. Every row stays where it is, also one that is gone or would not be listed any more, and
 * what comes stands at the end. `first`: so many stood there when it began. Of those that have come since, one that is gone again gives its
 * place to the next that comes: a pointer may rest on the table for weeks. `shown` itself where nothing comes. Pure.
 */
export function holdRows(shown: readonly string[], next: readonly string[], first: number): readonly string[] {
  const there = new Set(shown);
  const coming = next.filter((id) => !there.has(id));
  if (coming.length === 0) return shown;
  const listed = new Set(next);
  const kept = shown.map((id, index) => (index < first || listed.has(id) ? id : (coming.shift() ?? id)));
  return [...kept, ...coming];
}
