import { Fragment } from 'preact';
import type { Drain, Host } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { StateLink } from '../parts/state-link.tsx';
import { isoTime } from '../words/iso-time.ts';
import { useLateWords } from '../words/late-words.ts';
import { selectDrainFacts, selectSafeReason } from './drain-facts.ts';
import { useVerdict } from './use-verdict.ts';

/** A host that is being emptied: whether it may be powered off, and how far it has come (harvester/harvester#2539, #5339). */
export function HostDrain({ host }: { readonly host: Host }) {
  const { drain: words } = useLateWords();
  if (host.drain === undefined) return null;
  return (
    <>
      <HostSafe host={host} drain={host.drain} />
      <div class="drain-line">
        <DrainFacts drain={host.drain} />
        <StateLink to={{ picture: 'drain', host: host.name, vm: null }} class="drain-open">
          {words.board}
        </StateLink>
      </div>
    </>
  );
}

/** An answer that is not live is none: somebody would power a host off by it. */
function HostSafe({ host, drain }: { readonly host: Host; readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const { drain: words, safe } = useLateWords();
  const verdict = useVerdict(host.name, drain);
  const isOff = verdict.answer === 'off';
  const shape = isOff ? 'yes' : verdict.answer;
  const heard = connection.lastHeard.value;
  return (
    <p class="host-safe" data-safe={shape}>
      <Shape of={shape} />
      <span>
        {!isOff && safe.question}
        <strong>{safe[verdict.answer]}</strong>
        {selectSafeReason(drain, verdict, words, heard === null ? undefined : formats.time(heard, connection.now.value))}
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
    <p class="drain-facts" title={drain.since === null ? undefined : isoTime(drain.since)}>
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' · '}
          <span>{fact}</span>
        </Fragment>
      ))}
    </p>
  );
}
