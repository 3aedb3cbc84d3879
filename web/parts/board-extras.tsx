import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { Announcer } from './announcer.tsx';
import { ChipClicks } from './chip-clicks.tsx';
import { DriftWatch } from './drift-watch.tsx';
import { PageTitle } from './page-title.tsx';
import { SignIn } from './sign-in.tsx';
import { VmDetails } from './vm-details.tsx';

/** What belongs to a board and is not in its flow. */
export function BoardExtras() {
  return (
    <>
      <PageTitle />
      <ChipClicks />
      <Announcer />
      <VmDetails />
      <SignInAgain />
      <DriftWatch />
    </>
  );
}

/** Over a picture that stands still because its viewer is signed out; where there is none, the form is in its place. */
function SignInAgain() {
  const { admit, cluster, connection } = useSession();
  const words = useLateWords();
  const badge = connection.badge.value;
  if (badge.kind !== 'refused' || badge.refusal !== 'login-required' || !cluster.hasPicture.value) return null;
  return (
    <div class="over-board">
      <SignIn hint={words.signIn.again} onSignedIn={admit} />
    </div>
  );
}
