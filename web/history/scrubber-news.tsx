import { useSession, useWords } from '../page/context.ts';
import type { Messages } from '../words/en.ts';
import type { LateMessages } from '../words/en-late.ts';
import { useLateWords } from '../words/late-words.ts';
import { usePastWords } from '../words/view-words.ts';
import type { News } from './past-news.ts';
import type { PastMessages } from './past-words-en.ts';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/** Where there is more, the rest is counted. */
const MOST_NEWS_COUNT = 2;

/** What the step did that led here, for those who see it and those who hear it; and that there is no further one. */
export function ScrubberNews() {
  const { connection } = useSession();
  const { words, formats } = useWords();
  const { outcomes } = useLateWords();
  const past = usePastWords();
  const { history } = useHistory();
  const moments = useMomentFormats();
  const edge = history.edge.value;
  const news = history.news.value;
  const at = connection.past.value?.at;
  const told = news.slice(0, MOST_NEWS_COUNT).map((each) => newsText(each, words, past.news, outcomes));
  const others = news.length - told.length;
  const list = formats.list(others > 0 ? [...told, past.news.more(others)] : told);
  return (
    // A film says more than can be listened to.
    <p class="past-news" role="status" aria-live={history.rate.value === null ? 'polite' : 'off'}>
      {at !== undefined && news.length > 0 && <span class="unseen">{moments.full(at)}: </span>}
      <bdi>{list}</bdi>
      {edge !== null && <span class="past-edge"> {past.edges[edge]}</span>}
    </p>
  );
}

function newsText(news: News, words: Messages, texts: PastMessages['news'], outcomes: LateMessages['outcomes']): string {
  switch (news.kind) {
    case 'moved':
      return texts.moved(news.name, news.from, news.to);
    case 'ended':
      return texts.ended(news.name, outcomes[news.outcome]);
    case 'stage':
      return texts.is(news.name, words.stages[news.stage]);
    case 'state':
      return texts.is(news.name, words.states[news.state]);
    case 'host':
      return texts.is(news.name, words.hostStates[news.state]);
    default:
      return texts[news.kind](news.name);
  }
}
