import { useEffect, useRef, useState } from 'preact/hooks';
import { EdgeWords } from '../parts/edge-words.tsx';
import type { LateMessages } from '../words/en-late.ts';
import { useLateWords } from '../words/late-words.ts';
import { followLogin, forgetLogin, shareFailure, signIn } from './access-model.ts';
import type { LoginOutcome } from './login.ts';

export interface SignInProps {
  /** Why it is asked for. */
  readonly hint: string;
  readonly onSignedIn: () => void;
}

/** Asks for a token and signs in with it. What stands in the way is said under the field, where room is kept for it. */
export function SignIn({ hint, onSignedIn }: SignInProps) {
  const { signIn: words, refusals } = useLateWords();
  const field = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const share = shareFailure.value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const shown = problem ?? (share === null ? null : share.outcome.kind === 'wrong-token' ? { kind: 'wrong-share' } : share.outcome);

  useEffect(() => {
    forgetLogin();
    // Whoever is reading or typing elsewhere is left alone.
    if (document.activeElement === document.body) field.current?.focus();
  }, []);
  useEffect(() => followLogin(onSignedIn), [onSignedIn]);

  async function submit(): Promise<void> {
    if (isBusy) return;
    const token = field.current?.value.trim() ?? '';
    if (token === '') setProblem({ kind: 'empty' });
    else {
      setBusy(true);
      const outcome = await signIn(token);
      setBusy(false);
      if (outcome.kind === 'admitted') return onSignedIn();
      setProblem(outcome);
    }
    field.current?.focus();
  }

  return (
    // `post`, so that a browser which sent it by itself would not put the token into the address (form-action forbids that too).
    <form
      class="panel sign-in"
      method="post"
      noValidate
      aria-labelledby="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 id="sign-in">{refusals['login-required'].title}</h2>
      <p>{hint}</p>
      {/* Password managers keep a password under a name. */}
      <input type="text" name="username" autocomplete="username" value="viewer" readOnly hidden />
      <label for="sign-in-token">{words.token}</label>
      <input
        ref={field}
        id="sign-in-token"
        type="password"
        name="password"
        autocomplete="current-password"
        spellcheck={false}
        required
        defaultValue={share?.token ?? ''}
        aria-describedby="sign-in-problem"
        aria-invalid={shown !== null}
      />
      <p id="sign-in-problem" class="sign-in-problem" role="alert">
        {shown === null ? '' : problemWords(shown, words)}
        <EdgeWords said={shown?.kind === 'refused' ? shown.why : undefined} />
      </p>
      <button type="submit" class="action" aria-disabled={isBusy}>
        {isBusy ? words.busy : words.submit}
      </button>
    </form>
  );
}

type Problem = Exclude<LoginOutcome, { kind: 'admitted' }> | { readonly kind: 'empty' } | { readonly kind: 'wrong-share' };

function problemWords(problem: Problem, words: LateMessages['signIn']): string {
  switch (problem.kind) {
    case 'wrong-token':
      return words.wrongToken;
    case 'wrong-share':
      return words.wrongShare;
    case 'empty':
      return words.empty;
    case 'wait':
      return problem.seconds === null ? words.waitAWhile : words.wait(problem.seconds);
    case 'unreachable':
      return words.unreachable;
    case 'refused':
      return words.refused;
  }
}
