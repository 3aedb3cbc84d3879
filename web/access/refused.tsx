import { EdgeWords } from '../parts/edge-words.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { WayOut } from '../parts/way-out.tsx';
import type { Refusal } from '../stream/connection-state.ts';
import { ReloadButton } from '../stream/reload-button.tsx';
import { useLateWords } from '../words/late-words.ts';
import { SignIn } from './sign-in.tsx';

export interface RefusedProps {
  readonly refusal: Refusal;
  /** The edge's own words. */
  readonly detail?: string | undefined;
  /** The visitor has signed in: what was refused is to be asked for again. */
  readonly onSignedIn: () => void;
}

/** In place of what may not be seen: why, and the way on. */
export function Refused({ refusal, detail, onSignedIn }: RefusedProps) {
  const words = useLateWords();
  if (refusal === 'login-required') {
    return (
      <div class="empty">
        <SignIn hint={words.signIn.first} onSignedIn={onSignedIn} />
      </div>
    );
  }
  const { title, text } = words.refusals[refusal];
  const isLost = refusal === 'unknown-cluster' || refusal === 'gone';
  return (
    <EmptyState title={title} text={text}>
      <EdgeWords said={detail} />
      {isLost ? <WayOut /> : <ReloadButton />}
    </EmptyState>
  );
}
