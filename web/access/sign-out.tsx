import { useEffect, useState } from 'preact/hooks';
import { useLateWords } from '../words/late-words.ts';
import { followShares, hasLogin, signOut } from './access-model.ts';

/** The way out, where there was a login. */
export function SignOut() {
  const { signIn: words } = useLateWords();
  const [hasFailed, setFailed] = useState(false);
  useEffect(followShares, []);
  if (!hasLogin.value) return null;
  return (
    <>
      <span class="sign-out-problem" role="status">
        {hasFailed ? words.signOutFailed : ''}
      </span>
      <button type="button" class="sign-out" onClick={() => void signOut().then((isOut) => setFailed(!isOut))}>
        {words.signOut}
      </button>
    </>
  );
}
