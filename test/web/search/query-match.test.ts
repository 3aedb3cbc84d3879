import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host, Vm } from '../../../core/model.ts';
import { parseQuery } from '../../../web/search/query.ts';
import { compileQuery, hostFactsOf } from '../../../web/search/query-match.ts';
import { arbitraryHost, arbitraryVm } from '../../support/arbitraries.ts';
import { EN_VALUES } from '../../support/query-words.ts';

const host = (name: string, extra: Partial<Host> = {}): Host => ({ name, state: 'active', reasons: [], roles: [], ...extra });
const DRAIN = {
  here: 1,
  moving: 0,
  stopping: 0,
  waiting: 0,
  stuck: 1,
  arriving: 0,
  safe: false,
  because: 'vms-here',
  were: 1,
  since: null,
} as const;
const HOSTS = [
  host('host-1', { zone: 'zone-a', displayName: 'Rack 7 top' }),
  host('host-10', { zone: 'zone-b' }),
  host('host-2', { state: 'draining', drain: DRAIN }),
];
const vm = (name: string, on: string | null, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: on,
  state: on === null ? 'off' : 'running',
  migratable: { ok: true },
  ...extra,
});
const way = { id: 'm', from: 'host-1', startedAt: 0 } as const;
const VMS: readonly Vm[] = [
  vm('web-1', 'host-1', { os: 'windows', labels: { team: 'web', empty: '', 'app.kubernetes.io/name': 'shop' } }),
  vm('web-10', 'host-10', { displayName: 'Ärger Ünit', labels: { team: 'db' } }),
  vm('mover', 'host-1', { transit: { ...way, stage: 'transferring', cause: 'drain', to: 'host-10' } }),
  vm('queued', 'host-1', {
    transit: { ...way, stage: 'queued', cause: 'user', to: null, requested: 'host-2', remembered: { cause: 'upgrade' } },
    lastMigration: { outcome: 'succeeded', cause: 'hotplug', from: 'host-2', to: 'host-1', endedAt: null },
  }),
  vm('failed', 'host-2', { lastMigration: { outcome: 'failed', cause: 'storage', from: 'host-2', to: 'host-1', endedAt: 1 } }),
  vm('pinned', 'host-2', { migratable: { ok: false, reason: 'HostDeviceNotLiveMigratable' } }),
  vm('pinned-elsewhere', 'host-1', { migratable: { ok: false, reason: 'HostDeviceNotLiveMigratable' } }),
  vm('broken', 'host-1', { state: 'error' }),
  vm('hot', 'host-1', { danger: ['post-copy'] }),
  vm('数据库', null, { namespace: 'produktion', id: 'produktion/数据库' }),
  vm('ghost', 'host-9'),
];
const cluster = ['lab', 'Test Lab'];
const find = (text: string): string[] => {
  const matcher = compileQuery(parseQuery(text, EN_VALUES), { host: (name) => HOSTS.find((each) => each.name === name), cluster });
  return matcher === null ? ['everything'] : VMS.filter(matcher.matches).map(({ name }) => name);
};
const ALL = VMS.map(({ name }) => name);
const without = (...names: string[]): string[] => ALL.filter((name) => !names.includes(name));

describe('a query finds', () => {
  it.each<[query: string, found: readonly string[]]>([
    ['', ['everything']],
    ['state:', ['everything']],
    ['web', ['web-1', 'web-10']],
    ['WEB', ['web-1', 'web-10']],
    ['web-1*', ['web-1', 'web-10']],
    ['*-1', ['web-1']],
    ['*b*1*', ['web-1', 'web-10']],
    ['"web*"', []],
    ['arger', ['web-10']],
    ['ARGER', ['web-10']],
    ['"ärger ünit"', ['web-10']],
    ['arger*', ['web-10']],
    ['数据', ['数据库']],
    ['ｗｅｂ', ['web-1', 'web-10']],
    ['default/web', ['web-1', 'web-10']],
    ['prod', ['数据库']],
    ['-web -default/', ['数据库']],
    ['pinned,broken', ['pinned', 'pinned-elsewhere', 'broken']],
    ['name:web-1', ['web-1']],
    ['name:"ärger ünit"', ['web-10']],
    ['ns:produktion', ['数据库']],
    ['ns:prod', []],
    ['ns:prod*', ['数据库']],
    // host-1 is not host-10; who arrives is on the card, too.
    ['host:host-1', ['web-1', 'mover', 'queued', 'pinned-elsewhere', 'broken', 'hot']],
    ['host:HOST-10', ['web-10', 'mover']],
    ['host:"rack 7 top" web', ['web-1']],
    ['host:host-1* web', ['web-1', 'web-10']],
    ['host:host-9', ['ghost']],
    ['host:""', ['数据库']],
    ['-host:*', ['数据库']],
    ['to:host-10', ['mover']],
    ['to:host-2', ['queued']],
    ['zone:zone-a -name:web-1', ['mover', 'queued', 'pinned-elsewhere', 'broken', 'hot']],
    ['zone:""', ['failed', 'pinned', '数据库', 'ghost']],
    ['os:windows', ['web-1']],
    ['os:* ', ['web-1']],
    ['os:"" web', ['web-10']],
    ['label:team', ['web-1', 'web-10']],
    ['label:team=db', ['web-10']],
    ['label:team=db,web', ['web-1', 'web-10']],
    ['label:*=db', ['web-10']],
    ['label:*b', []],
    ['label:empty=', ['web-1']],
    ['label:app.kubernetes.io/name=shop', ['web-1']],
    ['label:toString', []],
    ['label:"" web', []],
    ['state:off', ['数据库']],
    ['state:error,off', ['broken', '数据库']],
    ['-state:running', ['broken', '数据库']],
    ['state:nonsense', []],
    ['-state:nonsense', ALL],
    ['stage:"copying memory"', ['mover']],
    ['stage:*', ['mover', 'queued']],
    // What is under way counts, and of that the best that is known.
    ['cause:upgrade', ['queued']],
    ['cause:user,hotplug', []],
    ['cause:storage,drain', ['mover', 'failed']],
    ['outcome:succeeded', ['queued']],
    ['is:moving', ['mover']],
    ['is:queued', ['queued']],
    ['is:failed', ['failed']],
    ['is:danger', ['hot']],
    ['is:stuck', ['pinned']],
    ['is:attention', ['broken']],
    ['is:moving,queued', ['mover', 'queued']],
    ['cluster:lab web', ['web-1', 'web-10']],
    ['cluster:"test lab" web', ['web-1', 'web-10']],
    ['cluster:other', []],
    ['sate:error', []],
    ['-sate:error -web', without('web-1', 'web-10')],
  ])('%j', (query, found) => {
    expect(find(query)).toEqual(found);
  });

  it('who is stuck by whether its host is emptied, which is a fact of the host', () => {
    const facts = (name: string): string => hostFactsOf(HOSTS.find((each) => each.name === name) ?? host(name));
    expect(
      new Set([host('x'), host('x', { drain: DRAIN }), host('x', { zone: 'z' }), host('x', { displayName: 'z' })].map(hostFactsOf)).size,
    ).toBe(4);
    expect(facts('host-2')).toBe(hostFactsOf(host('host-2', { state: 'cordoned', drain: { ...DRAIN, moving: 1 } })));
    for (const [query, isAsked] of [
      ['is:stuck', true],
      ['is:moving,stuck', true],
      ['zone:a', true],
      ['to:a', true],
      ['is:moving ns:a web', false],
    ] as const) {
      expect(compileQuery(parseQuery(query, EN_VALUES), { host: () => undefined, cluster })?.readsHosts).toBe(isAsked);
    }
  });

  const words = fc.constantFrom('web', 'is:', 'host:', 'stuck', 'moving', 'host-1', '*', '-', '"', ',', ' ', 'label:', 'zone:', '=', 'a');
  it('something or nothing, of whatever VMs, and never throws', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 10 }), arbitraryVm, arbitraryHost, (typed, any, own) => {
        const matcher = compileQuery(parseQuery(typed.join(''), EN_VALUES), { host: () => own, cluster });
        expect(typeof (matcher?.matches(any) ?? true)).toBe('boolean');
      }),
    );
  });

  it('the same while what it reads of hosts stays, and says that it reads it', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 10 }), arbitraryVm, arbitraryHost, arbitraryHost, (typed, any, before, after) => {
        let asked = before;
        const matcher = compileQuery(parseQuery(typed.join(''), EN_VALUES), { host: () => asked, cluster });
        const found = matcher?.matches(any);
        asked = { ...after, name: before.name };
        if (matcher?.readsHosts !== true || hostFactsOf(before) === hostFactsOf(asked)) expect(matcher?.matches(any)).toBe(found);
      }),
    );
  });
});
