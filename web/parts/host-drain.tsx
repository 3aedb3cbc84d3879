import { Fragment } from 'preact';
import type { Drain } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { selectDrainFacts, selectSafeReason } from '../drain-facts.ts';
import { useLateWords } from '../late-words.ts';
import { Shape } from './shape.tsx';

/** A host that is being emptied: whether it may be powered off, and how far it has come (harvester/harvester#2539, #5339). */
export const HostDrain = ({ drain }: { readonly drain: Drain }) => (
  <>
    <HostSafe drain={drain} />
    <DrainFacts drain={drain} />
  </>
);

/** An answer that is not live is none: somebody would power a host off by it. */
function HostSafe({ drain }: { readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const { drain: words, safe } = useLateWords();
  const isLive = connection.badge.value.kind === 'live';
  const answer = isLive ? (drain.safe ? 'yes' : 'no') : 'unknown';
  const isOff = isLive && drain.because === 'off';
  const heard = connection.lastHeard.value;
  return (
    <p class="host-safe" data-safe={answer}>
      <Shape of={answer} />
      <span>
        {!isOff && safe.question}
        <strong>{safe[isOff ? 'off' : answer]}</strong>
        {selectSafeReason(drain, words, isLive, heard === null ? undefined : formats.time(heard, connection.now.value))}
      </span>
    </p>
  );
}

function DrainFacts({ drain }: { readonly drain: Drain }) {
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
