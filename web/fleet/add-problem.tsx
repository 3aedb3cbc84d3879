import { EdgeWords } from '../parts/edge-words.tsx';
import { useLateWords } from '../words/late-words.ts';
import { useAddClusterWords } from '../words/view-words.ts';
import type { AddOutcome, NameFault } from './add-cluster.ts';

export type AddProblemKind =
  | Exclude<AddOutcome, { kind: 'issued' }>
  | { readonly kind: 'no-token' }
  | { readonly kind: 'name'; readonly fault: NameFault };

/** Why no cluster was added, in a sentence. */
export function AddProblem({ problem }: { readonly problem: AddProblemKind }) {
  const { refusals } = useLateWords();
  const words = useAddClusterWords();
  switch (problem.kind) {
    case 'no-token':
      return words.noToken;
    case 'name':
      return words.faults[problem.fault];
    case 'signed-out':
      return `${refusals['signed-out'].title}. ${refusals['signed-out'].text}`;
    case 'wait':
      return problem.seconds === null ? words.waitAWhile : words.wait(problem.seconds);
    case 'refused':
      return (
        <>
          {words.refused}
          <EdgeWords said={problem.why} />
        </>
      );
    default:
      return words.problems[problem.kind];
  }
}
