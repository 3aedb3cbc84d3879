import { useWords } from '../context.ts';
import type { Messages } from '../en.ts';
import type { Note } from '../notes.ts';

export const NoteLine = ({ note }: { readonly note: Note }) => {
  const { words } = useWords();
  return (
    <span class="note" data-note={note.kind}>
      {noteText(note, words)}
    </span>
  );
};

function noteText(note: Note, words: Messages): string {
  switch (note.kind) {
    case 'danger':
      return words.dangers[note.danger];
    case 'queued':
      return [words.queuedFor(note.to), note.waitingFor].filter((part) => part !== undefined).join(': ');
    case 'ended':
      return [words.migrationEnded(note.end.outcome, note.end.to), note.end.reason].filter((part) => part !== undefined).join(': ');
    case 'failed-earlier':
      return words.failedEarlier;
    case 'reason':
      return note.reason;
  }
}
