/** What is rendered again and again, one part now and another one then, holds no more of what it was. */
import { signal } from '@preact/signals';
import { createElement, render, type VNode } from 'preact';
import { describe, expect, it } from 'vitest';
import { forgetEarlierRenderings } from '../../../web/rendering/earlier-renderings.ts';
import { commitAtOnce } from '../../../web/rendering/rendering.ts';
import { tinyContainer } from '../../support/tiny-document.ts';

const ROUNDS = 100;

/** A card of two parts in a frame that nothing renders again, as a board's are. */
function openCard() {
  const [left, right, unit] = [signal(0), signal(0), signal(' ')];
  const Part = ({ value }: { readonly value: number }): VNode => createElement('p', null, createElement('b', null, value + unit.value));
  const Card = (): VNode =>
    createElement('section', null, createElement(Part, { value: left.value }), createElement(Part, { value: right.value }));
  const Frame = ({ children }: { readonly children?: VNode }): VNode => createElement('main', null, children);
  const container = tinyContainer();
  render(createElement(Frame, null, createElement(Card, null)), container as unknown as Element);
  return { left, right, container };
}

function play(rounds: number) {
  const card = openCard();
  for (let round = 0; round < rounds; round++) {
    commitAtOnce(() => {
      card.left.value++;
    });
    commitAtOnce(() => {
      card.right.value++;
    });
  }
  return card;
}

/** Vnodes that can be reached. */
function countHeld(root: object): number {
  const seen = new Set<object>([root]);
  for (const held of seen) {
    for (const value of Object.values(held)) if (typeof value === 'object' && value !== null) seen.add(value);
  }
  return [...seen].filter((held) => 'type' in held && 'props' in held && '__k' in held).length;
}

describe('what Preact holds of earlier renderings', () => {
  it('is a chain of all of them, if it is left alone', () => {
    expect(countHeld(play(ROUNDS).container)).toBeGreaterThan(ROUNDS);
  });

  it('is no more after a hundred than after three, and what is shown is right', () => {
    forgetEarlierRenderings();
    const { container } = play(ROUNDS);
    expect(countHeld(container)).toBe(countHeld(play(3).container));
    expect(container.textContent).toBe(`${ROUNDS} ${ROUNDS} `);
  });
});
