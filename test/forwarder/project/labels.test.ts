/** Which labels of an object are taken (SPEC U7), and that nothing else of them is. */
import { describe, expect, test } from 'vitest';
import type { FactKind } from '../../../core/facts.ts';
import { projectLabels } from '../../../forwarder/project/labels.ts';
import { PROJECTORS, projectorsWith } from '../../../forwarder/projector.ts';
import { changed, VM, VMI } from './objects.ts';

const KEYS = ['app', 'example.org/owner', 'team'];

test.each<[string, readonly Record<string, unknown>[], Record<string, string> | undefined]>([
  ['none that was asked for', [{ other: 'x', 'example.org/secret': 'y' }], undefined],
  ['those that were asked for', [{ team: 'db', other: 'x', 'example.org/owner': 'me' }], { team: 'db', 'example.org/owner': 'me' }],
  ['an empty value is one', [{ team: '' }], { team: '' }],
  ['the first that has it counts', [{ team: 'db' }, { team: 'web', app: 'shop' }], { team: 'db', app: 'shop' }],
  ['an empty value counts too', [{ team: '' }, { team: 'web' }], { team: '' }],
  ['a value that is no text is nobody else’s either', [{ team: 7 }, { team: 'web' }], undefined],
  ['a value that Kubernetes would not take', [{ team: 'a b', app: 'x'.repeat(64) }], undefined],
  ['nothing is inherited', [Object.create({ team: 'db' })], undefined],
  ['no labels at all', [], undefined],
])('%s', (_what, sources, expected) => {
  expect(projectLabels(KEYS, ...sources)).toEqual(expected);
});

test('a key that every object inherits is one like others', () => {
  expect(projectLabels(['toString'], {})).toBeUndefined();
  expect(projectLabels(['toString'], { toString: 'x' })).toEqual({ toString: 'x' });
});

describe('of objects', () => {
  const projectors = projectorsWith(['harvesterhci.io/os', 'harvesterhci.io/vmName', 'team']);
  const labelsOf = (kind: FactKind, object: unknown, by = projectors): unknown => {
    const fact = by[kind](object);
    if (!fact.ok) throw new Error(fact.error);
    return (fact.value as { labels?: unknown }).labels;
  };

  test('a VM has its own, and those of its template where it has none of that key', () => {
    expect(labelsOf('vm', VM)).toEqual({ 'harvesterhci.io/os': 'ubuntu', 'harvesterhci.io/vmName': 'ubuntu-web-1' });
    const moved = changed(VM, ['spec', 'template', 'metadata', 'labels'], { 'harvesterhci.io/os': 'debian', team: 'db' });
    expect(labelsOf('vm', moved)).toEqual({ 'harvesterhci.io/os': 'ubuntu', 'harvesterhci.io/vmName': 'ubuntu-web-1', team: 'db' });
  });

  test('a guest has its own', () => {
    expect(labelsOf('vmi', VMI)).toEqual({ 'harvesterhci.io/os': 'ubuntu' });
  });

  test('labels that are malformed are none', () => {
    for (const labels of [null, 7, 'team', ['team'], { team: { a: 1 } }]) {
      expect(
        labelsOf('vm', changed(changed(VM, ['metadata'], { labels }), ['spec', 'template'], { metadata: { labels } })),
      ).toBeUndefined();
      expect(labelsOf('vmi', changed(VMI, ['metadata'], { labels }))).toBeUndefined();
    }
  });

  test('where nobody asked for labels there are none', () => {
    expect([labelsOf('vm', VM, PROJECTORS), labelsOf('vmi', VMI, PROJECTORS)]).toEqual([undefined, undefined]);
  });
});
