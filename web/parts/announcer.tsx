import { useSession, useWords } from '../context.ts';
import { useLateWords } from '../late-words.ts';

/** What a screen reader hears: a polite sentence now and then, an urgent one only when the picture can no longer be trusted. */
export function Announcer() {
  const { announcement, connection } = useSession();
  const { formats } = useWords();
  const words = useLateWords();
  const { serial, happenings } = announcement.value;
  const { moved, started, ended } = happenings;
  const { kind } = connection.badge.value;
  const sentence = formats.list([
    ...(moved > 0 ? [words.announce.moved(moved)] : []),
    ...(started > 0 ? [words.announce.started(started)] : []),
    ...(ended > 0 ? [words.announce.ended(ended)] : []),
  ]);
  return (
    <>
      <p class="unseen" role="status">
        <span key={serial}>{sentence}</span>
      </p>
      <p class="unseen" role="alert">
        {kind === 'reconnecting' || kind === 'refused' ? words.announce.lost : kind === 'stale' ? words.announce.stale : ''}
      </p>
    </>
  );
}
