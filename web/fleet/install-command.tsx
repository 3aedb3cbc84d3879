import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../page/context.ts';
import { Link } from '../parts/link.tsx';
import { useAddClusterWords, useFleetWords } from '../words/view-words.ts';
import type { Install } from './add-cluster.ts';
import { issueCommand } from './add-cluster-model.ts';
import { AddProblem, type AddProblemKind } from './add-problem.tsx';
import { useFleet } from './fleet-context.ts';

export interface InstallCommandProps {
  readonly install: Install;
  readonly adminToken: RefObject<string>;
  readonly onIssued: (install: Install) => void;
}

/** The command, for how long it is good, and how the cluster is now. One that is new needs its command no more once it has spoken. */
export function InstallCommand({ install, adminToken, onIssued }: InstallCommandProps) {
  const words = useAddClusterWords();
  const { freshness } = useFleetWords();
  const [problem, setProblem] = useState<AddProblemKind | null>(null);
  const fleet = useFleet();
  const card = fleet.card(install.cluster);
  const isNew = useRef((card?.summary.lastHeard ?? null) === null).current;
  const isBusy = useRef(false);
  const state = fleet.isFresh.value ? (card?.freshness ?? 'waiting') : 'unknown';
  async function renew(): Promise<void> {
    // Of two commands only the one that was made last is good, and their answers can come in either order.
    if (isBusy.current) return;
    isBusy.current = true;
    const outcome = await issueCommand(install.cluster, adminToken.current ?? '');
    isBusy.current = false;
    if (outcome.kind !== 'issued') return setProblem(outcome);
    setProblem(null);
    onIssued(outcome.install);
  }
  return (
    <div class="add-install">
      {!(isNew && state === 'live') && (
        <>
          <p>{words.run(install.cluster)}</p>
          <Command text={install.command} />
          <GoodFor until={install.expiresAt} onRenew={() => void renew()} />
          <p class="add-hint">{words.noImage}</p>
          <p class="add-problem" role="alert">
            {problem !== null && <AddProblem problem={problem} />}
          </p>
        </>
      )}
      <p class="add-state" role="status" data-state={state}>
        <span class="badge" data-connection={state}>
          {freshness[state]}
        </span>
        {words.states[state]}
      </p>
      {state === 'live' && (
        <Link class="action add-submit" to={{ view: 'cluster', cluster: install.cluster }}>
          {words.open}
        </Link>
      )}
    </div>
  );
}

function Command({ text }: { readonly text: string }) {
  const words = useAddClusterWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'copyFailed' | null>(null);
  useEffect(() => {
    setOutcome(null);
    field.current?.select();
  }, [text]);
  // Only pages that came over TLS, or from this machine, may write to the clipboard.
  const copy = (): void => {
    field.current?.select();
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setOutcome('copied'),
      () => setOutcome('copyFailed'),
    );
  };
  return (
    <>
      <textarea ref={field} class="fleet-field add-command" aria-label={words.command} readOnly rows={4} spellcheck={false} value={text} />
      <div class="add-actions">
        <button type="button" class="action add-submit" onClick={copy}>
          {words.copy}
        </button>
        <span role="status">{outcome !== null && words[outcome]}</span>
      </div>
    </>
  );
}

function GoodFor({ until, onRenew }: { readonly until: number; readonly onRenew: () => void }) {
  const words = useAddClusterWords();
  const { formats } = useWords();
  const now = useFleet().connection.present.value;
  const leftMs = until - (now ?? until - 1);
  if (leftMs > 0) return <p class="add-hint">{words.goodFor(formats.duration(leftMs))}</p>;
  return (
    <div class="add-actions">
      <span role="status">{words.over}</span>
      <button type="button" class="action" onClick={onRenew}>
        {words.another}
      </button>
    </div>
  );
}
