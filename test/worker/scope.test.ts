import { describe, expect, test } from 'vitest';
import { ALL_CLUSTERS, audienceOf, maySee, type Scope, scopeOf } from '../../worker/scope.ts';

const of = (...clusters: string[]): Scope => ({ kind: 'clusters', clusters });

describe('a scope', () => {
  test('everything, some, and none', () => {
    expect(maySee(ALL_CLUSTERS, 'a')).toBe(true);
    expect(maySee(of('a'), 'a')).toBe(true);
    expect(maySee(of('a'), 'b')).toBe(false);
    expect(maySee(of(), 'a')).toBe(false);
  });

  test.each([[ALL_CLUSTERS], [of('a')], [of('a', 'b')], [of()]])('%j as text and back', (scope) => {
    expect(scopeOf(audienceOf(scope))).toEqual(scope);
  });

  test('equal scopes are equal texts, and one without clusters is not everything', () => {
    expect(audienceOf(of('b', 'a', 'b'))).toBe(audienceOf(of('a', 'b')));
    expect(audienceOf(of())).not.toBe(audienceOf(ALL_CLUSTERS));
  });
});
