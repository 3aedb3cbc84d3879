import { useState } from 'preact/hooks';
import type { MigrationRecord } from '../../core/history.ts';
import type { LastMigration } from '../../core/model.ts';
import { wayBehind } from '../migrations/move-way.ts';
import { OutcomeWord } from '../migrations/outcome-word.tsx';
import { StageLength } from '../migrations/stage-length.tsx';
import { endOf, moveLengthMs, selectMoves } from '../migrations/vm-moves.ts';
import { useSession, useWords } from '../page/context.ts';
import { Moment } from '../parts/moment.tsx';
import { tenthsText } from '../words/late-format.ts';
import { useLateWords } from '../words/late-words.ts';
import { lengthText } from '../words/length-text.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { DrawerPart } from './drawer.tsx';
import { CauseFact, Fact } from './facts.tsx';
import { ShowAll } from './show-all.tsx';

/** A VM's own migrations are few, but a loop can make them many. */
const SHOWN_FIRST_COUNT = 10;

export interface VmMovesProps {
  /** As painted. */
  readonly last: LastMigration | undefined;
  /** As the room keeps them, newest first. */
  readonly records: readonly MigrationRecord[];
}

/** The newest migration that is over, whole. */
export function LastMovePart({ last, records }: VmMovesProps) {
  const { facts, outcomes } = useLateWords();
  const { details } = useDetailsWords();
  const past = useSession().connection.past.value;
  if (last === undefined) return null;
  return (
    <DrawerPart title={details.lastMigrationTitle}>
      <dl class="facts">
        <Fact name={details.lastMigration}>{facts.route(outcomes[last.outcome], wayBehind(last, facts))}</Fact>
        <MoveFacts end={last} record={selectMoves(last, records, past?.at ?? null).last} />
      </dl>
    </DrawerPart>
  );
}

/** The others, a line each, which opens. */
export function OtherMovesPart({ last, records }: VmMovesProps) {
  const { details } = useDetailsWords();
  const past = useSession().connection.past.value;
  const [isWhole, setWhole] = useState(false);
  const { others } = selectMoves(last, records, past?.at ?? null);
  const shown = isWhole ? others : others.slice(0, SHOWN_FIRST_COUNT);
  if (shown.length === 0) return null;
  return (
    <DrawerPart title={past === null ? details.earlierMoves : details.allMoves}>
      <ul class="moves">
        {shown.map((record) => (
          <li key={record.id}>
            <Move record={record} isLater={past !== null && record.recordedAt > past.at} />
          </li>
        ))}
      </ul>
      {shown.length < others.length && <ShowAll count={others.length} onShow={() => setWhole(true)} />}
    </DrawerPart>
  );
}

function Move({ record, isLater }: { readonly record: MigrationRecord; readonly isLater: boolean }) {
  const { facts } = useLateWords();
  const { details } = useDetailsWords();
  const end = endOf(record);
  return (
    <details class="move" data-later={isLater ? 'true' : undefined}>
      <summary>
        <OutcomeWord of={record.outcome} />
        <span class="move-way">{wayBehind(end, facts)}</span>
        <span class="move-when">
          {isLater && `${details.later} · `}
          {record.endedAt === null && `${details.knownSince} `}
          <Moment at={record.endedAt ?? record.recordedAt} />
        </span>
      </summary>
      <dl class="facts">
        <MoveFacts end={end} record={record} />
      </dl>
    </details>
  );
}

function MoveFacts({ end, record }: { readonly end: LastMigration; readonly record: MigrationRecord | undefined }) {
  const { formats } = useWords();
  const late = useLateWords();
  const { details } = useDetailsWords();
  const lengthMs = record === undefined ? null : moveLengthMs(record);
  return (
    <>
      <Fact name={details.asked}>{end.requested}</Fact>
      <Fact name={details.reason}>{end.reason}</Fact>
      <CauseFact cause={end.cause} evidence={end.evidence} />
      <Fact name={details.ended}>{end.endedAt === null ? <UnwatchedEnd record={record} /> : <Moment at={end.endedAt} />}</Fact>
      <Fact name={details.took}>{lengthMs === null ? undefined : lengthText(lengthMs, formats)}</Fact>
      <Fact name={details.stages}>{record !== undefined && record.stages.length > 0 ? <Stages record={record} /> : undefined}</Fact>
      <Fact name={details.tries}>
        {end.loop === true ? late.notes.loop(end.tries) : end.tries === undefined ? undefined : formats.number(end.tries)}
      </Fact>
      <Fact name={details.blackout}>
        {end.blackoutMs !== undefined ? tenthsText(end.blackoutMs, formats) : end.outcome === 'succeeded' ? late.facts.notKnown : undefined}
      </Fact>
    </>
  );
}

/** The end has no time of its own; when the room learnt of it has one (SPEC T6). */
function UnwatchedEnd({ record }: { readonly record: MigrationRecord | undefined }) {
  const { facts } = useLateWords();
  const { details } = useDetailsWords();
  if (record === undefined) return <>{facts.endedUnwatched}</>;
  return (
    <>
      {details.endedUnwatchedBy} <Moment at={record.recordedAt} />
    </>
  );
}

function Stages({ record }: { readonly record: MigrationRecord }) {
  const { words } = useWords();
  return (
    <ol class="stages">
      {record.stages.map((span) => (
        <li key={span.stage}>
          {words.stages[span.stage]} <StageLength span={span} />
        </li>
      ))}
    </ol>
  );
}
