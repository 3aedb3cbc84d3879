import { describe, expect, it } from 'vitest';
import { lanesOf } from '../../../core/lanes.ts';
import { TRANSIT_STAGES, type Transit, type Vm } from '../../../core/model.ts';
import { newsAt } from '../../../web/table/table-sort-keys.ts';
import { labelTexts, newsOf, placeParts, rowStateText, stageText } from '../../../web/table/table-text.ts';
import { enTable } from '../../../web/table/table-words-en.ts';
import { en } from '../../../web/words/en.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';

const WORDS = { words: en, late: enLate, table: enTable, formats: createFormats('en') };
const VM: Vm = { id: 'default/web', namespace: 'default', name: 'web', host: 'host-1', state: 'running', migratable: { ok: true } };
const transit = (extra: Partial<Transit> = {}): Transit => ({
  id: 'm',
  stage: 'transferring',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: 1_000,
  ...extra,
});

describe('where a VM stands', () => {
  it.each<[string, Partial<Vm>, string | null]>([
    ['at rest', {}, 'host-1'],
    ['on no host', { host: null, state: 'off' }, ''],
    ['on its way', { transit: transit() }, 'host-1 → host-2'],
    ['queued: it has not left', { transit: transit({ stage: 'queued' }) }, 'host-1'],
    ['being placed', { transit: transit({ stage: 'scheduling', to: null }) }, 'host-1 → being chosen'],
    ['being placed, asked for', { transit: transit({ stage: 'scheduling', to: null, requested: 'host-3' }) }, 'host-1 → asked for host-3'],
    ['arrived, and not over', { host: 'host-2', transit: transit({ stage: 'switching' }) }, 'host-2'],
    ['finishing', { host: 'host-2', transit: transit({ stage: 'finishing' }) }, 'host-2'],
    [
      'to another cluster',
      { transit: transit({ to: null, peer: { direction: 'out', host: 'host-9' } }) },
      'host-1 → another cluster (host-9)',
    ],
    ['from another cluster', { transit: transit({ from: null, to: 'host-1', peer: { direction: 'in' } }) }, 'host-1'],
  ])('%s', (_, facts, text) => {
    expect(placeParts({ ...VM, ...facts }, en).join(' ')).toBe(text);
  });

  it('is told with an arrow exactly where core says that it is leaving', () => {
    for (const stage of TRANSIT_STAGES) {
      for (const host of ['host-1', 'host-2', null]) {
        const vm: Vm = { ...VM, host, transit: transit({ stage }) };
        expect(placeParts(vm, en).length === 2, `${stage} ${host}`).toBe(lanesOf(vm).leaving !== null);
      }
    }
  });
});

describe('how far it is', () => {
  it.each<[Partial<Transit>, number | undefined, string]>([
    [{}, undefined, 'copying memory'],
    [{}, 43.9, 'copying memory 43%'],
    [{}, 99.99, 'copying memory 99%'],
    [{ requested: 'host-3' }, 5, 'copying memory 5%'],
  ])('%j, %s', (facts, percent, text) => {
    expect(stageText(transit(facts), percent, WORDS)).toBe(text);
  });
});

describe('its state', () => {
  it.each<[Partial<Vm>, string]>([
    [{}, 'running'],
    [{ state: 'unknown' }, 'unknown'],
    [{ transit: transit() }, 'running'],
    [{ host: 'host-2', transit: transit({ stage: 'finishing' }) }, 'running · finishing'],
    [{ transit: transit({ stage: 'aborting', to: null }) }, 'running · aborting'],
    [{ state: 'paused', transit: transit({ suspended: true }) }, 'paused to finish the move'],
  ])('%j', (facts, text) => {
    expect(rowStateText({ ...VM, ...facts }, en)).toBe(text);
  });
});

describe('what there is to say', () => {
  const end = { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: 5_000 } as const;
  it.each<[string, Partial<Vm>, boolean, string[]]>([
    ['nothing', {}, false, []],
    [
      'a danger first',
      { danger: ['io-error'], lastMigration: end },
      false,
      ['danger: paused by an I/O error', 'ended: last move failed, host-1 → host-2'],
    ],
    [
      'why the last move failed',
      { lastMigration: { ...end, reason: 'no room' } },
      false,
      ['ended: last move failed, host-1 → host-2: no room'],
    ],
    [
      'how often',
      { lastMigration: { ...end, tries: 2 } },
      false,
      ['ended: last move failed, host-1 → host-2 (2 in a row without success)'],
    ],
    ['a move that succeeded', { lastMigration: { ...end, outcome: 'succeeded' } }, false, ['last: last move succeeded, host-1 → host-2']],
    [
      'one of which nobody knows',
      { lastMigration: { ...end, outcome: 'unknown', from: null, to: null } },
      false,
      ['last: last move ended, outcome unknown, unknown host → no target known'],
    ],
    ['one without a target', { lastMigration: { ...end, to: null } }, false, ['ended: last move failed, host-1 → no target known']],
    [
      'one to another cluster',
      { lastMigration: { ...end, outcome: 'succeeded', cause: 'cross-cluster', to: null } },
      false,
      ['last: last move succeeded, host-1 → another cluster'],
    ],
    ['a loop, once', { lastMigration: { ...end, loop: true, tries: 4 } }, false, ['loop: fails again and again (4 tries in a row)']],
    [
      'what it waits for',
      { transit: transit({ stage: 'queued', to: null, waitingFor: { reason: 'quota' } }) },
      false,
      ['queued: queued to move: quota'],
    ],
    ['why it cannot leave a host that is emptied', { migratable: { ok: false, reason: 'PCI' } }, true, ['stuck: cannot be migrated: PCI']],
    ['not that elsewhere', { migratable: { ok: false, reason: 'PCI' } }, false, []],
    ['that it goes elsewhere than was asked for', { transit: transit({ requested: 'host-3' }) }, false, ['asked: asked for host-3']],
    ['not that where it goes there', { transit: transit({ requested: 'host-2' }) }, false, []],
    ['not that where its place says it', { transit: transit({ stage: 'scheduling', to: null, requested: 'host-3' }) }, false, []],
    [
      'on its way, what holds it up',
      { transit: transit({ stage: 'scheduling', waitingFor: { reason: 'unschedulable' } }) },
      false,
      ['wait: no host takes it'],
    ],
    [
      'on its way to another cluster, nothing that its place does not say',
      { transit: transit({ to: null, peer: { direction: 'out', host: 'host-9' } }) },
      false,
      [],
    ],
    ['why it is off', { host: null, state: 'off', reason: 'halted' }, false, ['reason: halted']],
  ])('%s', (_, facts, isHostEmptied, news) => {
    expect(newsOf({ ...VM, ...facts }, isHostEmptied, WORDS).map(({ kind, text }) => `${kind}: ${text}`)).toEqual(news);
  });

  it('is of when the move began, or the last one ended', () => {
    expect(newsAt(VM)).toBe(null);
    expect(newsAt({ ...VM, lastMigration: end })).toBe(5_000);
    expect(newsAt({ ...VM, lastMigration: { ...end, endedAt: null } })).toBe(null);
    expect(newsAt({ ...VM, lastMigration: end, transit: transit() })).toBe(1_000);
  });
});

describe('labels', () => {
  it('are keys and values, and a key alone where the value is empty', () => {
    expect(labelTexts({ ...VM, labels: { app: 'web', 'a.io/spare': '' } })).toEqual(['app=web', 'a.io/spare']);
    expect(labelTexts(VM)).toEqual([]);
  });
});
