import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { MAX_LABEL_CHARS, MAX_TEXT_CHARS } from '../../core/limits.ts';
import { useAddClusterWords } from '../words/view-words.ts';
import { type AddOutcome, faultOfName, type Install } from './add-cluster.ts';
import { issueCommand, registerCluster } from './add-cluster-model.ts';
import { AddProblem, type AddProblemKind } from './add-problem.tsx';
import { useFleet } from './fleet-context.ts';

export interface AddClusterFormProps {
  readonly adminToken: RefObject<string>;
  readonly onIssued: (install: Install) => void;
}

/** What is asked of the administrator. What is wrong with the name is said as it is typed, the rest when it is sent. */
export function AddClusterForm({ adminToken, onIssued }: AddClusterFormProps) {
  const words = useAddClusterWords();
  const { names } = useFleet();
  const field = { name: useRef<HTMLInputElement>(null), shown: useRef<HTMLInputElement>(null), token: useRef<HTMLInputElement>(null) };
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AddProblemKind | null>(null);
  const fault = faultOfName(name, new Set(names.value));

  async function ask(request: (token: string) => Promise<AddOutcome>): Promise<void> {
    if (isBusy) return;
    const token = field.token.current?.value.trim() ?? '';
    if (token === '') {
      setProblem({ kind: 'no-token' });
      return field.token.current?.focus();
    }
    setBusy(true);
    const outcome = await request(token);
    setBusy(false);
    if (outcome.kind === 'issued') {
      adminToken.current = token;
      return onIssued(outcome.install);
    }
    setProblem(outcome);
    (outcome.kind === 'taken' ? field.name : field.token).current?.focus();
  }

  function submit(): void {
    if (fault === null || fault === 'taken') {
      void ask((token) => registerCluster({ cluster: name, displayName: field.shown.current?.value.trim() ?? '' }, token));
    } else {
      setProblem({ kind: 'name', fault });
      field.name.current?.focus();
    }
  }

  const isNameWrong = name !== '' && fault !== null;
  return (
    // `post`: see sign-in.tsx.
    <form
      class="add-cluster-form"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label for="add-name">{words.name}</label>
      <input
        ref={field.name}
        id="add-name"
        class="fleet-field"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={MAX_LABEL_CHARS + 1}
        aria-describedby="add-name-hint"
        aria-invalid={isNameWrong}
        onInput={({ currentTarget }) => {
          setName(currentTarget.value.trim());
          setProblem(null);
        }}
      />
      <p id="add-name-hint" class="add-hint" data-wrong={isNameWrong} role="status">
        {isNameWrong ? words.faults[fault] : words.nameHint}
      </p>
      <label for="add-shown">{words.displayName}</label>
      <input ref={field.shown} id="add-shown" class="fleet-field" autocomplete="off" maxLength={MAX_TEXT_CHARS} />
      <label for="add-token">{words.token}</label>
      <input
        ref={field.token}
        id="add-token"
        class="fleet-field"
        type="password"
        autocomplete="off"
        spellcheck={false}
        aria-describedby="add-token-hint add-problem"
      />
      <p id="add-token-hint" class="add-hint">
        {words.tokenHint}
      </p>
      <p id="add-problem" class="add-problem" role="alert">
        {problem !== null && <AddProblem problem={problem} />}
      </p>
      <div class="add-actions">
        <button type="submit" class="action add-submit" aria-disabled={isBusy}>
          {isBusy ? words.busy : words.submit}
        </button>
        {problem?.kind === 'taken' && (
          <button type="button" class="action" aria-disabled={isBusy} onClick={() => void ask((token) => issueCommand(name, token))}>
            {words.another}
          </button>
        )}
      </div>
    </form>
  );
}
