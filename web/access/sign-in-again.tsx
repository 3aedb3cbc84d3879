import type { ReadonlySignal } from '@preact/signals';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { SignIn } from './sign-in.tsx';

export interface SignInAgainProps {
  readonly connection: ConnectionModel;
  readonly hasPicture: ReadonlySignal<boolean>;
  readonly onSignedIn: () => void;
}

/** Over a picture that stands still because its viewer is signed out; where there is none, the form is in its place. */
export function SignInAgain({ connection, hasPicture, onSignedIn }: SignInAgainProps) {
  const { signIn } = useLateWords();
  const badge = connection.badge.value;
  if (badge.kind !== 'refused' || badge.refusal !== 'login-required' || !hasPicture.value) return null;
  return (
    <div class="over-board">
      <SignIn hint={signIn.again} onSignedIn={onSignedIn} />
    </div>
  );
}
