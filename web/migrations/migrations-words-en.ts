/** English for the list of migrations. */
import { count } from '../words/en.ts';

export const enMigrations = {
  title: 'Migrations',
  chart: 'How migrations ended',
  running: 'Under way',
  finished: 'Finished',
  columns: {
    outcome: 'Outcome',
    vm: 'VM',
    way: 'From → to',
    when: 'When',
    took: 'Took',
    cause: 'Cause',
    reason: 'Reason',
    moment: 'Moment',
  },
  listed: (listed: number, of: number) => `${listed.toLocaleString('en')} of ${of.toLocaleString('en')} listed`,
  loaded: (moves: number, hasMore: boolean) => (hasMore ? `the newest ${moves.toLocaleString('en')}` : count(moves, 'migration')),
  older: 'Show older ones',
  loading: 'Fetching …',
  failed: 'The list could not be fetched. What is shown may be old.',
  none: 'No migration that is kept is over.',
  noneRunning: 'None is under way.',
  noMatch: 'None of those that are listed match the search.',
  noneBefore: 'None that is kept was over at this moment.',
  asOf: 'As of the moment that is shown; what ended later is left out.',
  filter: 'Outcome',
  all: 'All',
  asked: (host: string) => `asked for ${host}`,
  blackout: (length: string) => `stood still ${length}`,
  unwatchedEnd: 'learnt of then; nobody watched the end',
  unwatched: 'not watched',
  tries: (tries: number) => `${tries} in a row without success`,
  showStart: 'Show the start',
  showEnd: 'Show the end',
  /** What follows it for those who do not see the row. */
  showEndOf: (vm: string) => ` of this migration of ${vm}, on the board`,
  stages: 'Stages',
  csv: 'CSV',
  json: 'JSON',
  saveAs: 'Save the list as',
  retry: 'Try again',
};

export type MigrationsMessages = typeof enMigrations;
