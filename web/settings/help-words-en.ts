/** English for the list of keys. */
import type { KeyDoes } from './key-list.ts';

export const enHelp = {
  title: 'Keys',
  anywhere: 'Anywhere',
  onBoard: 'On the board',
  off: 'Single keys are switched off in the settings.',
  hint: 'The board is one stop for the Tab key. On it, letters go to names; elsewhere, they are these keys.',
  close: 'Close',
  does: {
    search: 'Search',
    help: 'This list',
    board: 'Board',
    table: 'Table',
    migrations: 'Migrations',
    history: 'The past',
    copyLink: 'Copy the link to what is shown',
    close: 'Close what is open, leave the board',
    move: 'Next VM or host in that direction',
    edges: 'First, last of the host',
    boardEdges: 'First, last of the board',
    hosts: 'Host before, host after',
    type: 'Next VM or host whose name begins so',
    open: 'Open details',
  } satisfies Record<KeyDoes, string>,
};

export type HelpMessages = typeof enHelp;
