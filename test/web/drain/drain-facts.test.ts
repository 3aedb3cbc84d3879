import { describe, expect, it } from 'vitest';
import type { Drain } from '../../../core/model.ts';
import { selectDrainFacts, selectSafeReason } from '../../../web/drain/drain-facts.ts';
import type { Verdict } from '../../../web/drain/drain-verdict.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { zhHansLate } from '../../../web/words/zh-hans-late.ts';
import { drainOf } from '../../support/entities.ts';

const drain = (extra: Partial<Drain> = {}): Drain => drainOf({ since: 1_000, ...extra });

describe('how far a host has been emptied', () => {
  it.each<readonly [what: string, drain: Partial<Drain>, en: string, zh: string]>([
    [
      'on the way',
      { were: 31, here: 24, moving: 2, stopping: 1, waiting: 19, stuck: 2 },
      '7 of 31 gone · 2 moving · 1 shutting down · 19 waiting · 2 cannot move',
      '31 台中 7 台已离开 · 2 台迁移中 · 1 台关机中 · 19 台等待中 · 2 台无法迁移',
    ],
    ['over', { were: 12 }, '12 of 12 gone', '12 台中 12 台已离开'],
    ['nothing to do', {}, '', ''],
    [
      'begun unwatched',
      { were: 3, here: 2, since: null, waiting: 2 },
      '1 of at least 3 gone · 2 waiting',
      '至少 3 台中 1 台已离开 · 2 台等待中',
    ],
    ['only cordoned', { were: 3, here: 3, stuck: 1 }, '1 cannot move · 2 not asked to leave', '1 台无法迁移 · 2 台未被要求离开'],
    ['somebody comes', { arriving: 1 }, '1 arriving', '1 台迁入中'],
    ['more here than were', { were: 1, here: 2, waiting: 2 }, '2 waiting', '2 台等待中'],
  ])('%s', (_, facts, en, zh) => {
    expect(selectDrainFacts(drain(facts), enLate.drain, undefined).join(' · ')).toBe(en);
    expect(selectDrainFacts(drain(facts), zhHansLate.drain, undefined).join(' · ')).toBe(zh);
  });

  it('says since when, where that is known', () => {
    expect(selectDrainFacts(drain({ were: 1 }), enLate.drain, '14:03:22')).toEqual(['1 of 1 gone', 'since 14:03:22']);
  });
});

describe('why it is safe to power a host off, or is not', () => {
  const HERE = { because: 'vms-here', here: 3 } as const;
  const EMPTY = { because: 'empty', safe: true } as const;
  const OFF = { because: 'off', safe: true } as const;
  const NO: Verdict = { answer: 'no' };
  const YES: Verdict = { answer: 'yes' };
  const OLD: Verdict = { answer: 'unknown', why: 'old', no: null };
  const OLD_NO: Verdict = { ...OLD, no: 'heard' };
  const PAST: Verdict = { answer: 'unknown', why: 'past', no: null };
  it.each<readonly [what: string, drain: Partial<Drain>, verdict: Verdict, heard: string | undefined, en: string, zh: string]>([
    ['no', HERE, NO, '14:03', ' — 3 VMs are here', ' — 还有 3 台虚拟机在此'],
    [
      'yes',
      EMPTY,
      YES,
      '14:03',
      ' — no VM is here or on its way. Volumes are not checked',
      ' — 没有虚拟机在此，也没有正在迁入。未检查存储卷',
    ],
    ['off', OFF, { answer: 'off' }, '14:03', '', ''],
    [
      'it was no',
      HERE,
      OLD_NO,
      '14:03',
      '; at the last picture, 14:03: no — 3 VMs are here',
      '；最后画面（14:03）时：不可以 — 还有 3 台虚拟机在此',
    ],
    [
      'it was no, at a time unknown',
      HERE,
      OLD_NO,
      undefined,
      '; at the last picture: no — 3 VMs are here',
      '；最后画面时：不可以 — 还有 3 台虚拟机在此',
    ],
    ['it was yes', EMPTY, OLD, '14:03', ' — last picture 14:03', ' — 最后画面 14:03'],
    ['it was yes, at a time unknown', EMPTY, OLD, undefined, '', ''],
    [
      'it contradicts itself',
      EMPTY,
      { answer: 'unknown', why: 'contradiction' },
      '14:03',
      ' — the picture contradicts itself',
      ' — 画面自相矛盾',
    ],
    ['it was off', OFF, OLD, '14:03', ' — last picture 14:03', ' — 最后画面 14:03'],
    [
      'no at a moment of the past',
      HERE,
      { ...PAST, no: 'moment' },
      '14:03',
      '; at that moment: no — 3 VMs are here',
      '；当时：不可以 — 还有 3 台虚拟机在此',
    ],
    [
      'no before a moment of the past at which the cluster was silent',
      HERE,
      { ...PAST, no: 'heard' },
      '14:03',
      '; at the last picture, 14:03: no — 3 VMs are here',
      '；最后画面（14:03）时：不可以 — 还有 3 台虚拟机在此',
    ],
    ['yes at a moment of the past', EMPTY, PAST, '14:03', ' — this is the past', ' — 这是历史画面'],
  ])('%s', (_, facts, verdict, heard, en, zh) => {
    expect(selectSafeReason(drain(facts), verdict, enLate.drain, heard)).toBe(en);
    expect(selectSafeReason(drain(facts), verdict, zhHansLate.drain, heard)).toBe(zh);
  });
});
