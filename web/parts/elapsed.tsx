import { useSession, useWords } from '../page/context.ts';

/** How long something is known to have gone on, on the room's clock; the only part of a chip that follows the second hand. */
export function Elapsed({ since }: { readonly since: number }) {
  const until = useSession().connection.known.value ?? since;
  const { formats } = useWords();
  return <span class="elapsed">{formats.duration(until - since)}</span>;
}
