import { freshnessOf } from '../../core/freshness.ts';
import { useSession, useWords } from '../page/context.ts';
import { UNREADABLE_MOMENT } from '../page/page-state.ts';
import type { Past } from '../stream/connection-model.ts';
import { usePastWords } from '../words/view-words.ts';
import { isPastOpened } from './past-opening.ts';
import { PastProblemText } from './past-problem.tsx';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/** Which moment is shown: never to be taken for the present. Where one is on its way, or cannot be had, that is said beside it. */
export function PastBanner() {
  const { connection } = useSession();
  const { history } = useHistory();
  const words = usePastWords();
  const moments = useMomentFormats();
  const past = connection.past.value;
  const awaited = history.awaited.value;
  const problem = history.problem.value;
  return (
    <div class="past-banner">
      {past !== null ? <ShownMoment past={past} /> : isPastOpened.value && <p class="past-hint">{words.present}</p>}
      {problem !== null
        ? // Where the gate stands instead of a picture, it says so itself.
          isPastOpened.value && <PastProblemText problem={problem} />
        : awaited !== null &&
          awaited !== past?.at &&
          awaited !== UNREADABLE_MOMENT && <p class="past-hint">{words.awaited(moments.full(awaited))}</p>}
    </div>
  );
}

function ShownMoment({ past }: { readonly past: Past }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const words = usePastWords();
  const moments = useMomentFormats();
  const { at, lastHeard } = past;
  const present = connection.present.value;
  const freshness = freshnessOf(lastHeard, at);
  const link =
    lastHeard === null
      ? words.wasWaiting
      : freshness === 'live'
        ? words.wasLive
        : words.wasStale(formats.duration(at - lastHeard), formats.time(lastHeard, at));
  return (
    <p class="past-shown">
      <strong>{words.shown}</strong>
      <time dateTime={moments.utc(at)}>{moments.full(at)}</time>
      <span class="past-utc">{moments.utc(at)}</span>
      {present !== null && <span>{words.ago(formats.duration(present - at))}</span>}
      <span data-link={freshness}>{link}</span>
    </p>
  );
}
