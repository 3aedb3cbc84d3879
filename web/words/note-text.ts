/** A note in words. */

import type { Note } from '../board/notes.ts';
import type { Messages } from './en.ts';
import type { LateMessages } from './en-late.ts';
import type { Formats } from './format.ts';

export interface NoteWords {
  readonly words: Messages;
  readonly late: LateMessages;
  readonly formats: Formats;
}

export function noteText(note: Note, { words, late, formats }: NoteWords): string {
  const { notes } = late;
  const tried = (text: string, tries: number | undefined): string => (tries === undefined ? text : notes.tried(text, tries));
  const explained = (text: string, reason: string | undefined): string => (reason === undefined ? text : notes.because(text, reason));
  switch (note.kind) {
    case 'loop':
      return explained(notes.loop(note.end.tries), note.end.reason);
    case 'peer':
      return note.peer.direction === 'in' ? late.fromCluster(note.peer.host) : words.toCluster(note.peer.host);
    case 'queued':
      return explained(notes.queuedFor(note.to), note.wait && late.wait(note.wait, formats));
    case 'wait':
      return late.wait(note.wait, formats);
    case 'evacuation':
      return notes.because(notes.toLeave, late.wait(note.wait, formats));
    case 'stuck':
      return note.isAsked ? notes.because(notes.toLeave, late.wait(note.wait, formats)) : late.wait(note.wait, formats);
    case 'ended':
      // The reason first: the board has room for the beginning of a long text only.
      return tried(explained(notes.migrationEnded(note.end.outcome, note.end.to), note.end.reason), note.end.tries);
    case 'failed-earlier':
      return tried(notes.failedEarlier, note.tries);
    case 'moved-away':
      return notes.movedAway;
    case 'reason':
      return note.reason;
  }
}

/** Longer than the words of a language are, and than a chip is wide. */
const LONG_WORD = /\S{17,}/g;

/** The text in pieces between which a line may break: where a capital begins a new word inside a long one. */
export const splitLongWords = (text: string): string[] =>
  text.replace(LONG_WORD, (word) => word.replace(/([a-z])(?=[A-Z])/g, '$1\u200b')).split('\u200b');
