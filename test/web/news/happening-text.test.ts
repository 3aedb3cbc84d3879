import { describe, expect, it } from 'vitest';
import { happeningsText } from '../../../web/news/happening-text.ts';
import type { Happening } from '../../../web/news/happenings.ts';
import { en } from '../../../web/words/en.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';
import { zhHans } from '../../../web/words/zh-hans.ts';
import { zhHansLate } from '../../../web/words/zh-hans-late.ts';

const ENGLISH = { words: en, late: enLate, formats: createFormats('en') };
const CHINESE = { words: zhHans, late: zhHansLate, formats: createFormats('zh-Hans') };

const way = (name: string, from: string | null = 'host-1', to: string | null = 'host-2') => ({ vm: `default/${name}`, name, from, to });
const moved = (name: string, from?: string): Happening => ({ ...way(name, from), kind: 'moved' });
const failed = (extra: { to?: null; isLoop?: boolean; reason?: string } = {}): Happening => ({
  ...way('shop'),
  kind: 'failed',
  isLoop: false,
  ...extra,
});
const ofHost = (host: string) => ({ host, name: host });
const down = (host: string, state: 'unavailable' | 'in-progress' = 'in-progress'): Happening => ({
  ...ofHost(host),
  kind: 'down',
  state,
  isPlanned: false,
});

const TABLE: readonly (readonly [what: string, happenings: readonly Happening[], en: string, zh: string])[] = [
  ['nothing', [], '', ''],
  ['one move', [moved('shop')], 'shop moved to host-2', 'shop 已迁移到 host-2'],
  ['moves from one host', [moved('a'), moved('b')], '2 VMs moved from host-1', '2 台虚拟机已从 host-1 迁出'],
  ['moves from several', [moved('a'), moved('b', 'host-3')], '2 VMs moved', '2 台虚拟机已迁移'],
  ['one that sets out', [{ ...way('shop'), kind: 'started' }], 'shop started moving to host-2', 'shop 开始迁移到 host-2'],
  [
    'some that set out',
    [
      { ...way('a'), kind: 'started' },
      { ...way('b'), kind: 'started' },
    ],
    '2 VMs started moving from host-1',
    '2 台虚拟机开始从 host-1 迁出',
  ],
  ['a failure', [failed()], 'shop: move to host-2 failed', 'shop 迁移到 host-2 失败'],
  ['a failure before a target', [failed({ to: null })], 'shop: move failed', 'shop 热迁移失败'],
  ['a loop', [failed({ isLoop: true })], 'shop: its move fails again and again', 'shop 的迁移反复失败'],
  ['an abort', [{ ...way('shop'), kind: 'aborted' }], 'shop: move to host-2 aborted', 'shop 迁移到 host-2 已中止'],
  [
    'an end that nobody saw',
    [{ ...way('shop'), kind: 'ended' }],
    'shop: move to host-2 ended, outcome unknown',
    'shop 迁移到 host-2 已结束，结果未知',
  ],
  [
    'a storm',
    [...Array.from({ length: 14 }, (_, index) => moved(`vm-${index}`)), failed()],
    '14 VMs moved from host-1, shop: move to host-2 failed',
    '14 台虚拟机已从 host-1 迁出、shop 迁移到 host-2 失败',
  ],
  ['a host', [down('host-1')], 'host-1: not reporting', 'host-1：失去联系'],
  ['a host that is not ready', [down('host-1', 'unavailable')], 'host-1: not ready', 'host-1：未就绪'],
  ['many hosts', ['1', '2', '3', '4', '5'].map((name) => down(`h${name}`)), 'h1, h2, h3, 2 more are down', 'h1、h2、h3、另外 2 台 不可用'],
  ['a host that is back', [{ ...ofHost('host-1'), kind: 'up' }], 'host-1 is back', 'host-1 已恢复'],
  [
    'hosts that are empty',
    [
      { ...ofHost('host-1'), kind: 'drained' },
      { ...ofHost('host-2'), kind: 'drained' },
    ],
    'host-1, host-2 are empty and safe to power off',
    'host-1、host-2 已腾空，可以安全关机',
  ],
  [
    'a host that is not empty any more',
    [{ ...ofHost('host-1'), kind: 'unsafe' }],
    'host-1 is not safe to power off any more',
    'host-1 不再可以安全关机',
  ],
  ['maintenance', [{ ...ofHost('host-1'), kind: 'maintained' }], 'host-1 is in maintenance', 'host-1 已进入维护'],
  [
    'a danger',
    [{ ...way('shop'), host: 'host-1', kind: 'danger', danger: 'io-error' }],
    'shop: paused by an I/O error',
    'shop：因 I/O 错误暂停',
  ],
  [
    'a host and its VMs',
    [
      down('host-1'),
      { ...way('a'), host: 'host-1', kind: 'danger', danger: 'dead-host' },
      { ...way('b'), host: 'host-1', kind: 'danger', danger: 'dead-host' },
    ],
    'host-1: not reporting, 2 VMs need attention',
    'host-1：失去联系、2 台虚拟机需要处理',
  ],
];

describe('what has happened, in words', () => {
  it.each(TABLE)('%s', (_, happenings, english, chinese) => {
    expect(happeningsText(happenings, ENGLISH)).toBe(english);
    expect(happeningsText(happenings, CHINESE)).toBe(chinese);
  });

  it('says why a single one failed where it is asked to', () => {
    const told = failed({ reason: 'target pod was evicted' });
    expect(happeningsText([told], ENGLISH, { hasReasons: true })).toBe('shop: move to host-2 failed: target pod was evicted');
    expect(happeningsText([told], ENGLISH)).toBe('shop: move to host-2 failed');
  });
});
