import { expect, it } from 'vitest';
import { enLate } from '../../../web/words/en-late.ts';
import { migratableText } from '../../../web/words/migratable-text.ts';
import { vmOn } from '../../support/entities.ts';

it.each([
  ['can', vmOn('a', 'host-1'), 'yes'],
  ['cannot, for a reason', vmOn('a', 'host-1', { migratable: { ok: false, reason: 'PCI device' } }), 'no: PCI device'],
  ['cannot, and nobody says why', vmOn('a', 'host-1', { migratable: { ok: false } }), 'no'],
  ['is off: no question', vmOn('a', null, { migratable: { ok: false } }), 'only while it runs'],
  ['starts', vmOn('a', 'host-1', { state: 'starting', migratable: { ok: false } }), 'only while it runs'],
])('a VM that %s', (_, vm, text) => {
  expect(migratableText(vm, enLate.facts)).toBe(text);
});
