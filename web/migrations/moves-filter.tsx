import { useSignal } from '@preact/signals';
import { OUTCOMES, type Outcome } from '../../core/model.ts';
import { useFilter } from '../board/picture-tools.ts';
import { type ExportFile, exportMigrationsCsv, exportMigrationsJson } from '../export/export.ts';
import { saveFile } from '../export/export-download.ts';
import { readPicture } from '../export/export-source.ts';
import { useSession } from '../page/context.ts';
import { StateLink } from '../parts/state-link.tsx';
import { useLateWords } from '../words/late-words.ts';
import { outcomesIn, withOutcome } from './migration-outcome.ts';
import type { ListedMoves } from './moves-table.tsx';

/** The usual questions to the list as links, how much of it is listed, and the list to take away. */
export function MovesFilter({ listed }: { readonly listed: ListedMoves }) {
  const { moves: words, outcomes } = useLateWords();
  const filter = useFilter();
  const query = filter.query.value;
  const asked = outcomesIn(query);
  const link = (outcome: Outcome | null, text: string) => (
    <li key={text}>
      <StateLink to={{ query: withOutcome(query, outcome) }} isCurrent={outcome === null ? asked.length === 0 : asked.join() === outcome}>
        {text}
      </StateLink>
    </li>
  );
  return (
    <div class="moves-head">
      <nav aria-label={words.filter}>
        <ul class="moves-outcomes">
          {link(null, words.all)}
          {OUTCOMES.map((outcome) => link(outcome, outcomes[outcome]))}
        </ul>
      </nav>
      {listed.isFiltered && <p class="moves-count">{words.listed(listed.running.length + listed.finished.length, listed.of)}</p>}
      <SaveList listed={listed} />
    </div>
  );
}

function SaveList({ listed }: { readonly listed: ListedMoves }) {
  const session = useSession();
  const filter = useFilter();
  const { moves: words } = useLateWords();
  const said = useSignal<string | null>(null);
  function save(make: typeof exportMigrationsCsv | typeof exportMigrationsJson): void {
    const rows = [...listed.running.map((move) => ({ ...move, stages: [] })), ...listed.finished];
    const query = listed.isFiltered ? { query: filter.text.peek(), listed: rows.length, of: listed.of } : null;
    const file: ExportFile = make(rows, readPicture(session, query));
    saveFile(file).then(
      () => {
        said.value = words.saved(file.name);
      },
      () => {
        said.value = words.saveFailed;
      },
    );
  }
  return (
    <p class="moves-save">
      <span id="moves-save">{words.saveAs}</span>
      <button type="button" aria-describedby="moves-save" onClick={() => save(exportMigrationsCsv)}>
        {words.csv}
      </button>
      <button type="button" aria-describedby="moves-save" onClick={() => save(exportMigrationsJson)}>
        {words.json}
      </button>
      <span class={said.value === words.saveFailed ? 'export-failed' : 'unseen'} role="status">
        {said.value}
      </span>
    </p>
  );
}
