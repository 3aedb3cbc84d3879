import { signal } from '@preact/signals';
import { createElement, render, type VNode } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forgetEarlierRenderings } from '../../../web/rendering/earlier-renderings.ts';
import { hasFailedRendering } from '../../../web/rendering/failed-renderings.ts';
import { commitAtOnce } from '../../../web/rendering/rendering.ts';
import { tinyContainer } from '../../support/tiny-document.ts';

const told: unknown[] = [];
const error = new Error('cannot be rendered');

beforeEach(() => {
  told.length = 0;
  hasFailedRendering.value = false;
  vi.stubGlobal('reportError', (reported: unknown) => told.push(reported));
});
afterEach(() => vi.unstubAllGlobals());

it('a part that cannot be rendered the first time is left out, and comes when it can', () => {
  const isBroken = signal(true);
  const Part = ({ name }: { readonly name: string }): VNode => {
    if (name === 'broken' && isBroken.value) throw error;
    return createElement('p', null, `${name}, `) as VNode;
  };
  const Card = (): VNode =>
    createElement(
      'section',
      null,
      ['before', 'broken', 'after'].map((name) => createElement(Part, { key: name, name })),
    );
  const container = tinyContainer();
  render(createElement(Card, null), container as unknown as Element);
  expect(container.textContent).toBe('before, after, ');
  expect([told, hasFailedRendering.value]).toEqual([[error], true]);
  commitAtOnce(() => {
    isBroken.value = false;
  });
  expect(container.textContent).toBe('before, broken, after, ');
});

it('what fails once the rendering is done is thrown on', () => {
  const Part = (): VNode => {
    useLayoutEffect(() => {
      throw error;
    });
    return createElement('p', null) as VNode;
  };
  expect(() => render(createElement(Part, null), tinyContainer() as unknown as Element)).toThrow(error);
  expect([told, hasFailedRendering.value]).toEqual([[], false]);
});

it('a part that cannot be rendered stays as it was until it can, once, and what is beside it goes on and can be taken away', () => {
  forgetEarlierRenderings();
  const [outer, inner, isThere] = [signal(0), signal(0), signal(true)];
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
