/** What a row of the VMs' table says, in words. Where a VM stands is core's decision (lanes.ts), as on the board. Pure. */
import { lanesOf } from '../../core/lanes.ts';
import type { LastMigration, Transit, Vm } from '../../core/model.ts';
import { selectMovingNotes, selectNotes } from '../board/notes.ts';
import { wayBehind } from '../migrations/move-way.ts';
import type { Messages } from '../words/en.ts';
import { percentText } from '../words/late-format.ts';
import { type NoteWords, noteText } from '../words/note-text.ts';
import { stateText } from '../words/state-text.ts';
import { targetText } from '../words/target-text.ts';
import type { TableMessages } from './table-words-en.ts';

export interface RowWords extends NoteWords {
  readonly table: TableMessages;
}

/** Where it stands, and where it goes if it is on its way: `host-1`, `→ host-2`. None where it is on no host. */
export function placeParts(vm: Vm, words: Messages): readonly string[] {
  const { settled, leaving } = lanesOf(vm);
  if (leaving !== null && vm.transit !== undefined) return [leaving, targetText(vm.transit, words)];
  return settled === null ? [] : [settled];
}

/**
 * How far it is, of a VM on its way: the stage, and how much is copied where that is measured. `percent` from 0 to 100; it is never rounded
 * up, for 100 % is for what is over.
 */
export const stageText = ({ stage }: Transit, percent: number | undefined, { words, formats }: Omit<NoteWords, 'late'>): string =>
  words.stages[stage] + (percent === undefined ? '' : ` ${percentText(Math.floor(percent) / 100, formats)}`);

/** Its state; with the stage where it stands in its host's list although something is under way. */
export function rowStateText(vm: Vm, words: Messages): string {
  const { transit } = vm;
  const isUnderWay = transit?.stage === 'finishing' || transit?.stage === 'aborting' || transit?.peer?.direction === 'in';
  const stage = transit !== undefined && isUnderWay && lanesOf(vm).leaving === null ? ` · ${words.stages[transit.stage]}` : '';
  return stateText(vm, words) + stage;
}

/** One of the things there are to say of a VM; `kind` as of a note (notes.ts), and `last` is its last migration. */
export interface News {
  readonly kind: string;
  readonly text: string;
}

/** Dangers, that it goes elsewhere than was asked for, what it waits for and why, and how its last migration ended: as the board, and more. */
export function newsOf(vm: Vm, isHostEmptied: boolean, words: RowWords): News[] {
  const isMoving = lanesOf(vm).leaving !== null;
  const notes = isMoving ? selectMovingNotes(vm) : selectNotes(vm, { isEndRecent: false, isHostEmptied });
  const { lastMigration: end } = vm;
  return [
    ...(vm.danger ?? []).map((danger) => ({ kind: 'danger', text: words.late.dangers[danger] })),
    ...(isMoving ? askedNews(vm.transit, words) : []),
    ...notes.filter(({ kind }) => kind !== 'failed-earlier').map((note) => ({ kind: note.kind, text: noteText(note, words) })),
    ...(end === undefined || end.loop === true ? [] : [lastNews(end, words)]),
  ];
}

function askedNews({ to = null, requested }: Partial<Transit> = {}, { late }: NoteWords): News[] {
  return to === null || requested === undefined || requested === to ? [] : [{ kind: 'asked', text: late.askedInstead(requested) }];
}

function lastNews(end: LastMigration, { late, table }: RowWords): News {
  const { facts, notes } = late;
  const way = facts.route(late.outcomes[end.outcome], wayBehind(end, facts));
  const told = end.reason === undefined ? way : notes.because(way, end.reason);
  return {
    kind: end.outcome === 'failed' ? 'ended' : 'last',
    text: table.lastMove(end.tries === undefined ? told : notes.tried(told, end.tries)),
  };
}

export const labelTexts = ({ labels }: Vm): string[] =>
  Object.entries(labels ?? {}).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
