/** A note in words. */
import type { Messages } from './en.ts';
import type { LateMessages } from './en-late.ts';
import type { Formats } from './format.ts';
import type { Note } from './notes.ts';

export interface NoteWords {
  readonly words: Messages;
  readonly late: LateMessages;
  readonly formats: Formats;
}

export function noteText(note: Note, { words, late, formats }: NoteWords): string {
  const { notes } = late;
  const tried = (text: string, tries: number | undefined): string => (tries === undefined ? text : `${text} (${notes.triesInARow(tries)})`);
  switch (note.kind) {
    case 'danger':
      return late.dangers[note.danger];
    case 'loop':
      return joined(notes.loop(note.end.tries), note.end.reason);
    case 'peer':
      return note.peer.direction === 'in' ? words.fromCluster(note.peer.host) : words.toCluster(note.peer.host);
    case 'queued':
      return joined(notes.queuedFor(note.to), note.wait && late.wait(note.wait, formats));
    case 'wait':
      return late.wait(note.wait, formats);
    case 'evacuation':
      return joined(notes.toLeave(note.from), late.wait(note.wait, formats));
    case 'stuck':
      return joined(note.from && notes.toLeave(note.from), late.wait(note.wait, formats));
    case 'ended':
      return joined(tried(notes.migrationEnded(note.end.outcome, note.end.to), note.end.tries), note.end.reason);
    case 'failed-earlier':
      return tried(notes.failedEarlier, note.tries);
    case 'reason':
      return note.reason;
  }
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(': ');
