import { Fragment } from 'preact';
import type { Drain } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { selectDrainFacts } from '../drain-facts.ts';
import { useLateWords } from '../late-words.ts';
import { Shape } from './shape.tsx';

/** A host that is being emptied: whether it may be powered off, and how far it has come (harvester/harvester#2539, #5339). */
export function HostDrain({ drain }: { readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const words = useLateWords().drain;
  const now = connection.now.value;
  const facts = selectDrainFacts(drain, words, drain.since === null ? undefined : formats.time(drain.since, now));
  return (
    <>
      <SafeToPowerOff drain={drain} />
      {facts.length > 0 && (
        <p class="drain-facts">
          {facts.map((fact, index) => (
            <Fragment key={fact}>
              {index > 0 && ' · '}
              <span>{fact}</span>
            </Fragment>
          ))}
        </p>
      )}
    </>
  );
}

/** An answer that is not live is none: somebody would power a host off by it. */
function SafeToPowerOff({ drain }: { readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const words = useLateWords().drain;
  const answer = drain.safe ? 'yes' : 'no';
  const isLive = connection.badge.value.kind === 'live';
  const heard = connection.lastHeard.value;
  return (
    <p class="host-safe" data-safe={isLive ? answer : 'unknown'}>
      <Shape of={isLive ? answer : 'unknown'} />
      <span>
        {words.question}
        <strong>{isLive ? words[answer] : words.unknown}</strong>
        {' — '}
        {isLive || heard === null ? words.because(drain) : words.was(words[answer], formats.time(heard, connection.now.value))}
      </span>
    </p>
  );
}
