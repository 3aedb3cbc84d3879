import { describe, expect, it } from 'vitest';
import type { Host, Vm } from '../../../core/model.ts';
import { adviseOn } from '../../../web/search/filter-advice.ts';
import { formatQuery, parseQuery } from '../../../web/search/query.ts';
import { EN_VALUES } from '../../support/query-words.ts';

const hosts: readonly Host[] = ['host-1', 'host-2', 'host-10', 'rack-a', 'rack-b', 'rack-c', 'rack-d'].map((name) => ({
  name,
  state: 'active',
  reasons: [],
  roles: [],
  zone: 'zone-a',
}));
const vms: readonly Vm[] = [
  {
    id: 'default/web',
    namespace: 'default',
    name: 'web',
    displayName: 'The Web',
    host: 'ghost',
    state: 'running',
    migratable: { ok: true },
    labels: { team: 'db' },
  },
];
const advise = (text: string): string[] =>
  adviseOn(parseQuery(text, EN_VALUES), { vms, hosts }).map((advice) =>
    advice.kind === 'other-cluster'
      ? `other ${advice.word}`
      : `${advice.key} ${advice.word}: ${advice.near.map(({ word, query }) => `${word} = ${formatQuery(query)}`).join('; ')}`,
  );

describe('a search that finds nothing', () => {
  it.each<[query: string, advice: readonly string[]]>([
    [
      'host:host web',
      ['host host: host-1 = host:host-1 web; host-2 = host:host-2 web; host-10 = host:host-10 web; ghost = host:ghost web'],
    ],
    ['host:host-3', ['host host-3: host-1 = host:host-1; host-2 = host:host-2; host-10 = host:host-10']],
    ['web host:Ghots,rack-a', ['host Ghots: ghost = web host:ghost,rack-a']],
    ['host:nowhere', ['host nowhere: ']],
    ['host:HOST-1', []],
    ['zone:b', ['zone b: zone-a = zone:zone-a']],
    ['ns:prod', ['ns prod: default = ns:default']],
    ['name:web', []],
    ['name:wbe', ['name wbe: web = name:web; The Web = name:"The Web"']],
    ['label:taem', ['label taem: team = label:team; team=db = label:team=db']],
    ['label:team=web', ['label team=web: team=db = label:team=db; team = label:team']],
    // Each once, and not of all that an address can name.
    ['zone:b,b ns:b', ['zone b: zone-a = zone:zone-a,zone-a ns:b', 'ns b: default = zone:b,b ns:default']],
    [
      'label:x=y label:x=y label:X=y',
      ['label x=y: team = label:team label:team label:team; team=db = label:team=db label:team=db label:team=db'],
    ],
    ['zone:b -zone:b cluster:o zone:b cluster:o', ['zone b: zone-a = zone:zone-a -zone:b cluster:o zone:zone-a cluster:o', 'other o']],
    ['zone:b,c,d,e', ['zone b: zone-a = zone:zone-a,c,d,e', 'zone c: zone-a = zone:b,zone-a,d,e', 'zone d: zone-a = zone:b,c,zone-a,e']],
    // Nothing to say: not a name, or not one that was asked for.
    ['host:x* -host:x os:"" state:off web', []],
    ['cluster:other -cluster:third', ['other other']],
  ])('%j', (query, advice) => {
    expect(advise(query)).toEqual(advice);
  });
});
