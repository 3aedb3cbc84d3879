import { expect, it } from 'vitest';
import type { Happening } from '../../../web/news/happenings.ts';
import { targetOf } from '../../../web/news/toast-target.ts';

const end = (kind: 'moved' | 'aborted' | 'ended', name: string, from: string | null = 'host-1'): Happening => ({
  kind,
  vm: `default/${name}`,
  name,
  from,
  to: 'host-2',
});
const of = (kind: 'up' | 'drained' | 'unsafe', host: string): Happening => ({ kind, host, name: host });
const danger = (name: string, host: string | null): Happening => ({
  kind: 'danger',
  vm: `default/${name}`,
  name,
  danger: 'dead-host',
  host,
});

it.each<[string, Happening[], object]>([
  ['one VM: it', [end('moved', 'a')], { host: null, vm: 'default/a' }],
  ['one danger: its VM', [danger('a', 'host-1')], { host: null, vm: 'default/a' }],
  ['one host: it', [of('up', 'host-1')], { host: 'host-1', vm: null }],
  ['VMs that left one host: it', [end('moved', 'a'), end('moved', 'b')], { host: 'host-1', vm: null }],
  [
    'VMs that left several: the migrations',
    [end('moved', 'a'), end('moved', 'b', 'host-2')],
    { picture: 'migrations', host: null, vm: null },
  ],
  ['some that did not succeed: the migrations', [end('moved', 'a'), end('aborted', 'b')], { picture: 'migrations', host: null, vm: null }],
  ['a host and the VMs on it: it', [of('up', 'host-1'), danger('a', 'host-1')], { host: 'host-1', vm: null }],
  ['one drain: its board', [of('drained', 'host-1')], { picture: 'drain', host: 'host-1', vm: null }],
  ['several: all of them', [of('drained', 'host-1'), of('unsafe', 'host-2')], { picture: 'drain', host: null, vm: null }],
  ['several hosts: the board', [of('up', 'host-1'), of('up', 'host-2')], { picture: 'board', host: null, vm: null }],
  ['VMs in danger on no host: the board', [danger('a', null), danger('b', null)], { picture: 'board', host: null, vm: null }],
  ['nothing: the board', [], { picture: 'board', host: null, vm: null }],
])('%s', (_, happenings, target) => {
  expect(targetOf(happenings)).toEqual(target);
});
