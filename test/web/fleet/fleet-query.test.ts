import { describe, expect, it } from 'vitest';
import type { ClusterSummary } from '../../../core/model.ts';
import { cardOf } from '../../../web/fleet/fleet-card.ts';
import { type CardWords, formatFleetQuery, isBoardLanguage, matchesCard, parseFleetQuery } from '../../../web/fleet/fleet-query.ts';
import { LATE_MESSAGES } from '../../support/late-messages.ts';
import { summaryOf } from '../../support/summaries.ts';

const USUAL = { text: '', sort: 'trouble', group: 'trouble' } as const;

describe('the address of the fleet', () => {
  it.each([
    ['', USUAL],
    ['?q=lab+2&sort=name&group=none', { text: 'lab 2', sort: 'name', group: 'none' }],
    ['?sort=trouble&group=trouble', USUAL],
    ['?sort=__proto__&group=zone&q=', USUAL],
    ['?q=%E0%A4%A&q=second', { ...USUAL, text: '\ufffd%A' }],
    [`?q=${'x'.repeat(5_000)}`, { ...USUAL, text: 'x'.repeat(200) }],
    ['?at=2026-01-01&wall', USUAL],
  ])('%s', (search, query) => {
    expect(parseFleetQuery(search)).toEqual(query);
  });

  it.each(['', '?q=lab+2&sort=name&group=none', '?q=a%26b%3Dc', '?group=none'])('is written as it was read: %s', (search) => {
    expect(formatFleetQuery(parseFleetQuery(search))).toBe(search);
  });

  it('says nothing of a filter of blanks', () => {
    expect(formatFleetQuery({ ...USUAL, text: '  ' })).toBe('');
  });
});

describe('the filter', () => {
  const NOW = 1_764_158_400_000;
  const wordsOf = (language: 'en' | 'zh-Hans'): CardWords => {
    const { fleet } = LATE_MESSAGES[language];
    return {
      standing: (of) => fleet.standings[of],
      freshness: (of) => fleet.freshness[of],
      underWay: fleet.underWay,
      failed: fleet.failed,
    };
  };
  const failedNow = { from: NOW - 300_000, succeeded: [0], failed: [1] };
  it.each<[string, Partial<ClusterSummary>, boolean]>([
    ['', {}, true],
    ['  ', {}, true],
    ['LAB', {}, true],
    ['lab-1 live', {}, true],
    ['lab stale', {}, false],
    ['stale', { lastHeard: NOW - 60_000 }, true],
    ['无更新', { lastHeard: NOW - 60_000 }, true],
    ['frankfurt', { displayName: 'Ｆrankfurt' }, true],
    ['trouble', { hosts: { total: 3, up: 1 } }, true],
    ['under way', { transits: 1 }, true],
    ['under way', {}, false],
    ['failed', { recent: failedNow }, true],
    ['failed', { recent: failedNow, lastHeard: NOW - 60_000 }, false],
    ['not known', { unknown: true }, true],
    ['.*', {}, false],
  ])('%j finds %j: %s', (text, rest, isFound) => {
    const language = /\p{sc=Han}/u.test(text) ? 'zh-Hans' : 'en';
    expect(matchesCard(cardOf(summaryOf('lab-1', NOW, rest), NOW), text, wordsOf(language))).toBe(isFound);
  });

  it.each([
    ['state:stale', true],
    ['lab is:live', true],
    ['状态：stale', true],
    ['-harvester', true],
    ['lab ！harvester', true],
    ['lab-1 stale', false],
    ['lab - 1', false],
    ['10:30', false],
    ['', false],
  ])('%j is typed in a board’s language: %s', (text, isOne) => {
    expect(isBoardLanguage(text)).toBe(isOne);
  });
});
