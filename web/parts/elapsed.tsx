import { useSession, useWords } from '../page/context.ts';

/** How long something has gone on, on the room's clock; the only part of a chip that follows the second hand. */
export function Elapsed({ since }: { readonly since: number }) {
  const now = useSession().connection.now.value;
  const { formats } = useWords();
  return <span class="elapsed">{now === null ? '' : formats.duration(now - since)}</span>;
}
