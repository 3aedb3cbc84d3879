import type { ReadonlySignal } from '@preact/signals';
import type { StageSpan } from '../../core/history.ts';
import { OUTCOMES, type Outcome } from '../../core/model.ts';
import { useFilter } from '../board/picture-tools.ts';
import { exportMigrationsCsv, exportMigrationsJson, type MigrationRow } from '../export/export-migrations.ts';
import { readPicture } from '../export/export-source.ts';
import { SaveStatus } from '../export/save-status.tsx';
import { useSave } from '../export/use-save.ts';
import { useSession } from '../page/context.ts';
import { StateLink } from '../parts/state-link.tsx';
import { useLateWords } from '../words/late-words.ts';
import { useMigrationsWords } from '../words/view-words.ts';
import { isPartOnly, type ListedMoves } from './listed-moves.ts';
import { type RunningMove, stagesOver } from './migration-list.ts';
import { outcomeIn, withOutcome } from './migration-outcome.ts';
import type { MigrationsModel } from './migrations-model.ts';

export interface MovesFilterProps {
  readonly migrations: MigrationsModel;
  readonly listed: ReadonlySignal<ListedMoves>;
}

/** The usual questions to the list as links, how much of it is listed, and the list to take away. */
export function MovesFilter({ migrations, listed }: MovesFilterProps) {
  const { outcomes } = useLateWords();
  const words = useMigrationsWords();
  const query = useFilter().query.value;
  const asked = outcomeIn(query);
  const link = (outcome: Outcome | null, text: string) => (
    <li key={text}>
      <StateLink to={{ query: withOutcome(query, outcome) }} isCurrent={asked === outcome}>
        {text}
      </StateLink>
    </li>
  );
  const { running, finished, of, isFiltered } = listed.value;
  return (
    <div class="moves-head">
      <nav aria-label={words.filter}>
        <ul class="moves-outcomes">
          {link(null, words.all)}
          {OUTCOMES.map((outcome) => link(outcome, outcomes[outcome]))}
        </ul>
      </nav>
      {isFiltered && <p class="moves-count">{words.listed(running.length + finished.length, of.running + of.finished)}</p>}
      <SaveList migrations={migrations} listed={listed} />
    </div>
  );
}

/** None are told where the room was not asked since it began. */
const withStages = (move: RunningMove, stages: readonly StageSpan[] | undefined, at: number | null): MigrationRow =>
  stages === undefined ? move : { ...move, stages: stagesOver(stages, at) };

function SaveList({ migrations: { held, failure }, listed }: MovesFilterProps) {
  const session = useSession();
  const filter = useFilter();
  const words = useMigrationsWords();
  const { saving, save } = useSave();
  function saveAs(make: typeof exportMigrationsCsv | typeof exportMigrationsJson): void {
    const { running, finished, of, isFiltered } = listed.peek();
    const at = session.connection.past.peek()?.at ?? null;
    const underWay = running.map((move) => withStages(move, held.peek()?.stages.get(move.id), at));
    const rows = [...underWay, ...finished];
    const query = isFiltered ? { query: filter.text.peek(), listed: rows.length, of: of.running + of.finished } : null;
    const isPart = isPartOnly(held.peek(), failure.peek() !== null);
    void save(() => make(rows, { ...readPicture(session, query), isPart }));
  }
  return (
    <p class="moves-save">
      <span id="moves-save">{words.saveAs}</span>
      <button type="button" aria-describedby="moves-save" onClick={() => saveAs(exportMigrationsCsv)}>
        {words.csv}
      </button>
      <button type="button" aria-describedby="moves-save" onClick={() => saveAs(exportMigrationsJson)}>
        {words.json}
      </button>
      <SaveStatus saving={saving} />
    </p>
  );
}
