import type { ComponentChildren } from 'preact';
import type { Cause } from '../../core/model.ts';
import { useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';

/** A name and what there is to say; a fact that is not known is not listed. */
export function Fact({ name, children }: { readonly name: string; readonly children?: ComponentChildren }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why something moves, and what that was read from (SPEC W4). */
export function CauseFact({ cause, evidence }: { readonly cause: Cause; readonly evidence?: string | undefined }) {
  const { words } = useWords();
  return (
    <Fact name={useLateWords().facts.cause}>
      {words.causes[cause]}
      {evidence !== undefined && <Evidence text={evidence} />}
    </Fact>
  );
}

/** As Kubernetes has it. */
export const Evidence = ({ text }: { readonly text: string }) => <code class="evidence">{text}</code>;
