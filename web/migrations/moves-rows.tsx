import type { ComponentChildren } from 'preact';
import type { MigrationRecord, StageSpan } from '../../core/history.ts';
import { type Cause, causeOf, type HostName, type LastMigration, type VmId } from '../../core/model.ts';
import { Evidence } from '../details/facts.tsx';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { StateLink } from '../parts/state-link.tsx';
import { WholeParts } from '../parts/whole-parts.tsx';
import { Cell } from '../table/table-cells.tsx';
import { ROLES } from '../table/table-roles.ts';
import { tenthsText } from '../words/late-format.ts';
import { useLateWords } from '../words/late-words.ts';
import { lengthText } from '../words/length-text.ts';
import { useMigrationsWords } from '../words/view-words.ts';
import { type RunningMove, stagesOver } from './migration-list.ts';
import { momentBeforeEnd } from './migration-moment.ts';
import { wayAhead, wayBehind } from './move-way.ts';
import { OutcomeWord } from './outcome-word.tsx';
import { StageLength } from './stage-length.tsx';
import { moveLengthMs } from './vm-moves.ts';

export interface RunningRowProps {
  readonly move: RunningMove;
  /** Undefined where the room was not asked since it began. */
  readonly stages: readonly StageSpan[] | undefined;
  /** As ARIA counts: from 1, the head of the table included. */
  readonly rowIndex: number;
}

export function RunningRow({ move, stages, rowIndex }: RunningRowProps) {
  const { words, formats } = useWords();
  const late = useLateWords();
  const { columns, ...moves } = useMigrationsWords();
  const { stage, waitingFor } = move;
  const over = stagesOver(stages ?? [], useSession().connection.past.value?.at ?? null);
  return (
    <tr {...ROLES.row} class="table-row" aria-rowindex={rowIndex} data-vm={move.vm} data-stage={stage} data-migration={move.id}>
      <Cell column="outcome" title={columns.outcome}>
        <span class="moves-stage">{words.stages[stage]}</span>
      </Cell>
      <VmCell id={move.vm} />
      <WayCell way={wayAhead(move, late.facts)} asked={askedInstead(move)} />
      <Cell column="when" title={columns.when}>
        <Moment at={move.startedAt} />
      </Cell>
      <OpenCell column="took" title={columns.took}>
        <Elapsed since={move.startedAt} />
        <Stages spans={over} />
      </OpenCell>
      <CauseCell {...causeOf(move)} />
      <ReasonCell text={waitingFor && late.wait(waitingFor, formats)} />
      <OpenCell column="moment" title={columns.moment}>
        <StateLink class="moves-moment" to={{ picture: 'board', at: move.startedAt }}>
          {moves.showStart}
          <span class="unseen">{moves.showEndOf(move.vm)}</span>
        </StateLink>
      </OpenCell>
    </tr>
  );
}

export function FinishedRow({ record, rowIndex }: { readonly record: MigrationRecord; readonly rowIndex: number }) {
  const { formats } = useWords();
  const late = useLateWords();
  const { columns, ...words } = useMigrationsWords();
  const { outcome, endedAt, recordedAt, blackoutMs, tries } = record;
  const lengthMs = moveLengthMs(record);
  return (
    <tr {...ROLES.row} class="table-row" aria-rowindex={rowIndex} data-vm={record.vm} data-outcome-row={outcome} data-migration={record.id}>
      <Cell column="outcome" title={columns.outcome}>
        <OutcomeWord of={outcome} />
      </Cell>
      <VmCell id={record.vm} />
      <WayCell way={wayBehind(record, late.facts)} asked={askedInstead(record)} />
      <Cell column="when" title={columns.when}>
        <Moment at={endedAt ?? recordedAt} />
        {endedAt === null && <span class="moves-more">{words.unwatchedEnd}</span>}
      </Cell>
      <OpenCell column="took" title={columns.took}>
        {lengthMs === null ? <span class="muted">{words.unwatched}</span> : lengthText(lengthMs, formats)}
        {blackoutMs != null && <span class="moves-more">{words.blackout(tenthsText(blackoutMs, formats))}</span>}
        <Stages spans={record.stages} />
      </OpenCell>
      <CauseCell cause={record.cause} evidence={record.evidence} />
      <ReasonCell text={record.reason ?? record.trouble} more={tries > 1 ? words.tries(tries) : undefined} />
      <OpenCell column="moment" title={columns.moment}>
        <StateLink class="moves-moment" to={{ picture: 'board', at: momentBeforeEnd(record) }}>
          {words.showEnd}
          <span class="unseen">{words.showEndOf(record.vm)}</span>
        </StateLink>
      </OpenCell>
    </tr>
  );
}

interface OpenCellProps {
  readonly column: string;
  readonly title: string;
  readonly isEmpty?: boolean;
  readonly children?: ComponentChildren;
}

/** A cell that may grow. */
const OpenCell = ({ column, title, isEmpty = false, children }: OpenCellProps) => (
  <td {...ROLES.cell} data-column={column} data-label={title} data-empty={isEmpty || undefined}>
    {children}
  </td>
);

/** Most migrations need none: nothing is not a gap here. */
function ReasonCell({ text, more }: { readonly text: string | undefined; readonly more?: string | undefined }) {
  const words = useMigrationsWords();
  return (
    <OpenCell column="reason" title={words.columns.reason} isEmpty={text === undefined && more === undefined}>
      {text !== undefined && (
        <span class="cell-text" title={text}>
          {text}
        </span>
      )}
      {more !== undefined && <span class="moves-more">{more}</span>}
    </OpenCell>
  );
}

/** What is clicked on inside `data-vm` opens the VM. */
function VmCell({ id }: { readonly id: VmId }) {
  const { cluster } = useSession();
  const vm = cluster.vm(id);
  const slash = id.indexOf('/');
  return (
    <th {...ROLES.rowheader} scope="row" data-column="vm">
      <button type="button" aria-haspopup="dialog" title={id}>
        <span class="cell-text">
          <span class="chip-namespace">{id.slice(0, slash + 1)}</span>
          {vm?.displayName ?? id.slice(slash + 1)}
        </span>
      </button>
    </th>
  );
}

const askedInstead = ({ requested, to }: Pick<LastMigration, 'requested' | 'to'>): HostName | undefined =>
  requested === to ? undefined : requested;

interface WayCellProps {
  readonly way: string;
  /** The host that was asked for, where it is another one. */
  readonly asked: HostName | undefined;
}

function WayCell({ way, asked }: WayCellProps) {
  const words = useMigrationsWords();
  return (
    <OpenCell column="way" title={words.columns.way}>
      <span class="cell-text">
        <WholeParts parts={way.split(/ (?=→ )/)} />
      </span>
      {asked !== undefined && <span class="moves-more moves-asked">{words.asked(asked)}</span>}
    </OpenCell>
  );
}

function CauseCell({ cause, evidence }: { readonly cause: Cause; readonly evidence?: string | undefined }) {
  const { words } = useWords();
  const moves = useMigrationsWords();
  return (
    <Cell column="cause" title={moves.columns.cause} whole={evidence}>
      {words.causes[cause]}
      {evidence !== undefined && <Evidence text={evidence} />}
    </Cell>
  );
}

/** How long each stage took, behind a word that opens it. */
function Stages({ spans }: { readonly spans: readonly StageSpan[] }) {
  const { words } = useWords();
  const moves = useMigrationsWords();
  if (spans.length === 0) return null;
  return (
    <details class="moves-stages">
      <summary>{moves.stages}</summary>
      <ol>
        {spans.map((span) => (
          <li key={span.stage}>
            {words.stages[span.stage]} <StageLength span={span} />
          </li>
        ))}
      </ol>
    </details>
  );
}
