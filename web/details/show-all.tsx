import { useDetailsWords } from '../words/view-words.ts';
import { focusDrawerOf } from './drawer.tsx';

export interface ShowAllProps {
  readonly count: number;
  readonly onShow: () => void;
}

/** At the end of a list that is not shown whole. */
export function ShowAll({ count, onShow }: ShowAllProps) {
  const { details } = useDetailsWords();
  return (
    <button
      type="button"
      class="action"
      onClick={({ currentTarget }) => {
        focusDrawerOf(currentTarget);
        onShow();
      }}
    >
      {details.showAll(count)}
    </button>
  );
}
