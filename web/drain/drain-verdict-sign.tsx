import type { Drain, HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { useLateWords } from '../words/late-words.ts';
import { useDrainWords } from '../words/view-words.ts';
import type { Verdict } from './drain-verdict.ts';
import { useVerdict } from './use-verdict.ts';

/** The answer that is read from the other side of the room: shape, word and colour, each of which says it alone. */
export function DrainVerdict({ host, drain }: { readonly host: HostName; readonly drain: Drain }) {
  const words = useDrainWords();
  const verdict = useVerdict(host, drain);
  return (
    <p class="verdict" data-safe={verdict.answer}>
      {verdict.answer !== 'off' && <span class="verdict-question">{words.question}</span>}
      <span class="verdict-answer">
        <Shape of={verdict.answer} />
        <strong>{words.answers[verdict.answer]}</strong>
      </span>
      <Reason drain={drain} verdict={verdict} />
    </p>
  );
}

function Reason({ drain, verdict }: { readonly drain: Drain; readonly verdict: Verdict }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const { drain: facts } = useLateWords();
  const words = useDrainWords();
  const because = facts.because(drain);
  if (verdict.answer === 'off') return null;
  if (verdict.answer !== 'unknown') return <span class="verdict-reason">{because}</span>;
  if (verdict.why === 'contradiction') return <span class="verdict-reason">{words.contradiction}</span>;
  const heard = connection.lastHeard.value;
  const time = verdict.no === 'heard' && heard !== null ? formats.time(heard, connection.now.value) : undefined;
  return (
    <>
      <span class="verdict-reason">{words[verdict.why]}</span>
      {verdict.no !== null && <span class="verdict-reason">{words.no[verdict.no](because, time)}</span>}
    </>
  );
}
