import { useEffect } from 'preact/hooks';
import { isEqualJson } from '../../core/equal.ts';
import type { Vm, VmId } from '../../core/model.ts';
import { addHappenings, type Happenings, NOTHING_HAPPENED } from '../announcement.ts';
import type { Badge } from '../badge.ts';
import { homeOf } from '../board.ts';
import { useSession, useWords } from '../context.ts';
import type { LateMessages } from '../en-late.ts';
import type { Changes } from '../frame.ts';
import { useLateWords } from '../late-words.ts';
import { announcement, startAnnouncing } from '../models/announcement-model.ts';

/** What a screen reader hears: a polite sentence now and then, an urgent one only when the picture can no longer be trusted. */
export function Announcer() {
  const { cluster, connection } = useSession();
  const { formats } = useWords();
  const words = useLateWords();
  useEffect(startAnnouncing, []);
  const { serial, happenings } = announcement.value;
  const { moved, started, ended } = happenings;
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
        {warningOf(connection.badge.value, cluster.hasPicture.value, words)}
      </p>
    </>
  );
}

function warningOf(badge: Badge, hasPicture: boolean, words: LateMessages): string {
  if (badge.kind === 'refused') {
    // Before there is a picture, what is shown instead of it says why.
    if (!hasPicture) return '';
    return badge.refusal === 'login-required' ? words.signIn.again : words.announce.lost;
  }
  if (badge.kind === 'reconnecting') return words.announce.lost;
  return badge.kind === 'stale' ? words.announce.stale : '';
}

/** What a commit of these changes will show to have happened; `paintedVm` looks into the picture before it. */
export function happeningsOf(changes: Changes, paintedVm: (id: VmId) => Vm | undefined): Happenings {
  if (changes.isReplaced) return NOTHING_HAPPENED;
  let sum = NOTHING_HAPPENED;
  for (const id of changes.vms) sum = addHappenings(sum, happeningsBetween(paintedVm(id), changes.state.vms.get(id)));
  return sum;
}

function happeningsBetween(before: Vm | undefined, after: Vm | undefined): Happenings {
  if (before === undefined || after === undefined) return NOTHING_HAPPENED;
  const end = after.lastMigration;
  const hasEnded = end !== undefined && end.outcome !== 'succeeded' && !isEqualJson(before.lastMigration, end);
  return {
    moved: before.host !== null && after.host !== null && before.host !== after.host ? 1 : 0,
    started: homeOf(before).lane !== 'leaving' && homeOf(after).lane === 'leaving' ? 1 : 0,
    ended: hasEnded ? 1 : 0,
  };
}
