import { useComputed } from '@preact/signals';
import { useSession, useWords } from '../page/context.ts';
import { isoTime } from '../words/iso-time.ts';
import { momentText } from '../words/late-format.ts';

/** A moment, in the reader's own time; the same in UTC stands behind it. `at` on the room's clock. */
export function Moment({ at }: { readonly at: number }) {
  const { now } = useSession().connection;
  const { formats } = useWords();
  // Not rendered again with every second: only when it has become another day's or year's.
  const text = useComputed(() => momentText(at, now.value, formats)).value;
  const iso = isoTime(at);
  return (
    <time dateTime={iso} title={iso}>
      {text}
    </time>
  );
}
