/** The search, kept up commit by commit, finds what it would find in the whole picture. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Host, Vm } from '../../../core/model.ts';
import { parseQuery } from '../../../web/search/query.ts';
import { compileQuery } from '../../../web/search/query-match.ts';
import { arbitraryFrame, openBoard } from '../../support/open-board.ts';
import { EN_VALUES } from '../../support/query-words.ts';

const QUERIES = ['', 'vm-1', 'host:host-1', 'zone:z1', '-zone:*', 'is:moving,attention', 'label:team=db', 'is:stuck -ns:a', 'nobody'];

it('has what the whole picture has, after each commit and each key', () => {
  const step = fc.oneof(arbitraryFrame, fc.constantFrom(...QUERIES));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.constantFrom(...QUERIES), (steps, first) => {
      const board = openBoard({ query: first });
      const stops = [board.filter.start(), board.picture.start()];
      for (const each of steps) {
        if (typeof each === 'string') board.filter.type(each);
        else board.commit(each);
        const { filter, cluster } = board;
        const query = parseQuery(filter.text.value, EN_VALUES);
        const matcher = compileQuery(query, { host: (name) => cluster.host(name), cluster: ['lab'] });
        const missed = board.vms().filter((vm) => matcher !== null && !matcher.matches(vm));
        expect([...board.dimmed].sort()).toEqual(missed.map(({ id }) => id).sort());
        expect([...board.marked].sort()).toEqual([...board.dimmed].sort());
        expect(filter.found.value).toBe(board.vms().length - missed.length);
        expect(filter.isActive.value).toBe(matcher !== null);
      }
      for (const stop of stops) stop();
    }),
  );
});

it('does not know a host by a name any more that went with it', () => {
  const board = openBoard({ query: 'to:Attic' });
  const stops = [board.filter.start(), board.picture.start()];
  const asked: Vm = {
    id: 'a/vm-1',
    namespace: 'a',
    name: 'vm-1',
    host: 'host-1',
    state: 'running',
    migratable: { ok: true },
    transit: { id: 'm', stage: 'queued', cause: 'user', from: 'host-1', to: null, requested: 'host-3', startedAt: 0 },
  };
  const attic: Host = { name: 'host-3', displayName: 'Attic', state: 'active', reasons: [], roles: [] };
  board.commit({ vms: [asked], goneVms: [], hosts: [attic], goneHosts: [], isReplaced: true });
  expect(board.filter.found.value).toBe(1);
  board.commit({ vms: [], goneVms: [], hosts: [], goneHosts: ['host-3'], isReplaced: true });
  expect(board.filter.found.value).toBe(0);
  for (const stop of stops) stop();
});

it('finds at once, writes the address later, and forgets what was typed when one goes back', () => {
  const board = openBoard();
  const stop = board.filter.start();
  board.filter.type('w');
  board.filter.type('web');
  expect([board.filter.text.value, board.addresses]).toEqual(['web', []]);
  board.filter.settle();
  board.filter.settle();
  expect([board.filter.text.value, board.addresses]).toEqual(['web', ['web']]);
  board.filter.type('web-1');
  // Something else of the address changes meanwhile.
  board.state.value = { ...board.state.value, vm: 'a/vm-1' };
  expect(board.filter.text.value).toBe('web-1');
  board.state.value = { ...board.state.value, query: 'before' };
  expect(board.filter.text.value).toBe('before');
  board.filter.settle();
  expect(board.addresses).toEqual(['web']);
  stop();
});
