import { signal } from '@preact/signals';
import { createElement, render, type VNode } from 'preact';
import { expect, it } from 'vitest';
import { forgetEarlierRenderings } from '../../../web/rendering/earlier-renderings.ts';
import { containFailedRenderings } from '../../../web/rendering/failed-renderings.ts';
import { commitAtOnce } from '../../../web/rendering/rendering.ts';
import { tinyContainer } from '../../support/tiny-document.ts';

it('a part that cannot be rendered stays as it was until it can, once, and what is beside it goes on and can be taken away', () => {
  const told: unknown[] = [];
  containFailedRenderings((error) => told.push(error));
  forgetEarlierRenderings();
  const [outer, inner, isThere] = [signal(0), signal(0), signal(true)];
  const error = new Error('cannot be rendered');
  const held = new Set<unknown>();
  const Part = ({ name, value }: { readonly name: string; readonly value: number }): VNode => {
    if (name === 'broken' && value === 1) throw error;
    const ref = (element: unknown): void => void (element === null ? held.delete(name) : held.add(name));
    return createElement('p', { ref }, `${name} ${value}, `) as VNode;
  };
  const Card = ({ round }: { readonly round: number }): VNode =>
    createElement(
      'section',
      null,
      [`new ${inner.value}`, 'broken', 'after'].map((name) => createElement(Part, { key: name, name, value: inner.value + round })),
    );
  const Frame = (): VNode => createElement('main', null, isThere.value ? createElement(Card, { round: outer.value }) : null);
  const container = tinyContainer();
  render(createElement(Frame, null), container as unknown as Element);
  expect(container.textContent).toBe('new 0 0, broken 0, after 0, ');
  commitAtOnce(() => inner.value++);
  expect(container.textContent).toBe('new 1 1, broken 0, after 1, ');
  expect([...held].sort()).toEqual(['after', 'broken', 'new 1']);
  commitAtOnce(() => outer.value++);
  expect(container.textContent).toBe('new 1 2, broken 2, after 2, ');
  commitAtOnce(() => {
    isThere.value = false;
  });
  expect([container.textContent, [...held], told]).toEqual(['', [], [error]]);
});
