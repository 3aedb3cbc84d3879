import { expect, test } from 'vitest';
import { isLabelKey, LABEL_VALUE } from '../../core/labels.ts';

const prefix = (chars: number): string => `${'a.'.repeat(chars)}`.slice(0, chars - 1).replace(/\.$/, 'a');

test.each([
  'team',
  'Team_1.a-b',
  '7',
  'x'.repeat(63),
  'app.kubernetes.io/name',
  'a-b.c/Team',
  `${prefix(254)}/${'x'.repeat(63)}`,
  'toString',
  'example.org/constructor',
])('%s is a key', (key) => {
  expect(isLabelKey(key)).toBe(true);
});

test.each([
  '',
  ' ',
  'team ',
  'team\n',
  '-team',
  'team-',
  'te am',
  'te=am',
  'équipe',
  'x'.repeat(64),
  '/team',
  'app/',
  'a/b/c',
  'App/name',
  'a..b/name',
  '-a/name',
  `a${prefix(254)}/x`,
  '__proto__',
  // Kubernetes has no objection; the schemas of a room have.
  'constructor',
  'prototype',
])('%j is none', (key) => {
  expect(isLabelKey(key)).toBe(false);
});

test.each(['', 'db', '1', 'A_b.c-d', 'x'.repeat(63)])('%j is a value', (value) => {
  expect(LABEL_VALUE.test(value)).toBe(true);
});

test.each([' ', '-a', 'a-', 'a b', 'a/b', 'ü', 'a\n', '\u202ea', 'x'.repeat(64)])('%j is none', (value) => {
  expect(LABEL_VALUE.test(value)).toBe(false);
});
