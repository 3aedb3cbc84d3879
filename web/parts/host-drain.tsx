import { Fragment } from 'preact';
import type { Drain } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { selectDrainFacts, selectSafeReason } from '../drain-facts.ts';
import { useLateWords } from '../late-words.ts';

/** A host that is being emptied: how far it has come (harvester/harvester#2539, #5339). */
export function DrainFacts({ drain }: { readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const words = useLateWords().drain;
  const since = drain.since === null ? undefined : formats.time(drain.since, connection.now.value);
  const facts = selectDrainFacts(drain, words, since);
  if (facts.length === 0) return null;
  return (
    <p class="drain-facts">
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' · '}
          <span>{fact}</span>
        </Fragment>
      ))}
    </p>
  );
}

/** Why it may be powered off, or may not. */
export function SafeReason({ drain, isLive }: { readonly drain: Drain; readonly isLive: boolean }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const { drain: words } = useLateWords();
  const heard = connection.lastHeard.value;
  return <>{selectSafeReason(drain, words, isLive, heard === null ? undefined : formats.time(heard, connection.now.value))}</>;
}
