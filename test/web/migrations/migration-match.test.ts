import { describe, expect, it } from 'vitest';
import type { MigrationRecord } from '../../../core/history.ts';
import type { Host, Vm } from '../../../core/model.ts';
import type { RunningMove } from '../../../web/migrations/migration-list.ts';
import { compileMoveQuery } from '../../../web/migrations/migration-match.ts';
import { outcomeIn, withOutcome } from '../../../web/migrations/migration-outcome.ts';
import { parseQuery } from '../../../web/search/query.ts';
import { en } from '../../../web/words/en.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { loggedVm } from '../../support/past-log.ts';

const WORDS = { state: en.states, stage: en.stages, cause: en.causes, outcome: enLate.outcomes, is: enLate.search.marks };
const over = (id: string, extra: Partial<MigrationRecord> = {}): MigrationRecord => ({
  id,
  vm: `default/${id}`,
  outcome: 'succeeded',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: 1,
  endedAt: 2,
  recordedAt: 2,
  stages: [],
  tries: 0,
  ...extra,
});
const ROWS: readonly (MigrationRecord | RunningMove)[] = [
  over('web-1'),
  over('web-2', { outcome: 'failed', reason: 'Timed out', to: 'host-3', cause: 'drain' }),
  over('gone', { vm: 'prod/gone', outcome: 'aborted', to: null, requested: 'host-3' }),
  { id: 'db', vm: 'prod/db', stage: 'queued', cause: 'unknown', remembered: { cause: 'upgrade' }, from: 'host-2', to: null, startedAt: 3 },
];
const VMS: readonly Vm[] = [
  loggedVm('web-1', 'host-2', { labels: { team: 'shop' }, displayName: 'Front' }),
  loggedVm('web-2', 'host-1', { state: 'paused' }),
  { ...loggedVm('db', 'host-2'), id: 'prod/db', namespace: 'prod' },
];
const HOSTS: readonly Host[] = [{ name: 'host-3', displayName: 'rack-b', state: 'active', reasons: [], roles: [] }];

const found = (text: string): string[] | 'all' => {
  const matches = compileMoveQuery(parseQuery(text, WORDS), {
    vm: (id) => VMS.find((vm) => vm.id === id),
    host: (name) => HOSTS.find((host) => host.name === name),
    cluster: ['lab'],
  });
  return matches === null ? 'all' : ROWS.filter(matches).map(({ id }) => id);
};

describe('a query finds migrations', () => {
  it.each([
    ['', 'all'],
    ['web', ['web-1', 'web-2']],
    ['WEB-1', ['web-1']],
    ['web*', ['web-1', 'web-2']],
    ['*-1', ['web-1', 'web-2', 'gone']],
    ['front', ['web-1']],
    ['"timed out"', ['web-2']],
    ['rack', ['web-2']],
    ['name:db', ['db']],
    ['ns:prod', ['gone', 'db']],
    ['host:host-3', ['web-2']],
    ['host:rack-b', ['web-2']],
    ['host:host-1', ['web-1', 'web-2', 'gone']],
    ['to:host-3', ['web-2', 'gone']],
    ['to:""', ['db']],
    ['outcome:failed,aborted', ['web-2', 'gone']],
    ['-outcome:failed', ['web-1', 'gone', 'db']],
    ['cause:drain', ['web-2']],
    ['cause:upgrade', ['db']],
    ['stage:queued', ['db']],
    ['outcome:succeeded host:host-2', ['web-1']],
    ['outcome:sideways', []],
  ] as const)('%s', (text, expected) => expect(found(text)).toEqual(expected));

  it.each([
    ['label:team=shop', ['web-1']],
    ['state:paused', ['web-2']],
    // What is not there any more has no state that could be another one.
    ['-state:paused', ['web-1', 'gone', 'db']],
  ] as const)('what says nothing of a migration is looked for in its VM: %s', (text, expected) => expect(found(text)).toEqual(expected));
});

describe('the buttons', () => {
  it.each([
    ['', 'failed', 'outcome:failed'],
    ['web outcome:succeeded,aborted', 'failed', 'web outcome:failed'],
    ['web -outcome:failed', null, 'web'],
    ['-outcome:failed', 'failed', 'outcome:failed'],
  ] as const)('write the outcome into the query: %s', (text, outcome, expected) => {
    const query = parseQuery(text, WORDS);
    expect(withOutcome(query, outcome)).toBe(expected);
    expect(outcomeIn(parseQuery(withOutcome(query, outcome), WORDS))).toBe(outcome);
  });

  it.each([
    ['web', null],
    ['web outcome:failed', 'failed'],
    ['outcome:failed,aborted', undefined],
    ['-outcome:failed', undefined],
    ['outcome:fail*', 'failed'],
    ['outcome:failed outcome:aborted', undefined],
  ] as const)('show which of them the query stands for, if any: %s', (text, expected) =>
    expect(outcomeIn(parseQuery(text, WORDS))).toBe(expected),
  );
});
