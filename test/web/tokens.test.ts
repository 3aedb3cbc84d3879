import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8');
const tokens = new Map<string, readonly [light: string, dark: string]>();
for (const [, name, light, dark] of css.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) {
  if (name !== undefined && light !== undefined && dark !== undefined) tokens.set(name, [light, dark]);
}

/** Red, green and blue from 0 to 1. */
type Colour = readonly number[];
const sumOf = ([red = 0, green = 0, blue = 0]: Colour): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
/** WCAG 2.2: relative luminance and contrast. */
const luminance = (colour: Colour): number =>
  sumOf(colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)));
function contrast(a: Colour, b: Colour): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
function tokenIn(name: string, theme: 0 | 1): Colour {
  const token = tokens.get(name)?.[theme];
  if (token === undefined) throw new Error(`tokens.css has no colour --${name}`);
  return [1, 3, 5].map((at) => Number.parseInt(token.slice(at, at + 2), 16) / 255);
}

const board = readFileSync(new URL('../../web/styles/board.css', import.meta.url), 'utf8');
const staleOpacity = Number(
  /\.board:not\(\[data-freshness="live"\]\)[^{]*\{\s*filter: grayscale\(1\);\s*opacity: ([\d.]+);/.exec(board)?.[1],
);
/** As a board that is not live shows it: without colour, and let through to the ground. */
function staleIn(name: string, theme: 0 | 1): Colour {
  const grey = sumOf(tokenIn(name, theme));
  return tokenIn('ground', theme).map((ground) => staleOpacity * grey + (1 - staleOpacity) * ground);
}

const TEXT_ON: Record<string, readonly string[]> = {
  ink: ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'amber-ground', 'red-ground'],
  'ink-muted': ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'red-ground'],
  move: ['panel', 'sunken', 'ground', 'move-ground', 'red-ground'],
  amber: ['panel', 'ground', 'move-ground', 'sunken', 'red-ground'],
  red: ['panel', 'ground', 'raised', 'red-ground'],
};
const SHAPES = ['green', 'blue', 'sky', 'amber', 'purple', 'grey', 'red', 'move', 'line-strong'];

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the colours of the %s theme', (_, theme) => {
  const pairs = Object.entries(TEXT_ON).flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const));
  it.each(pairs)('%s can be read on %s', (text, ground) => {
    expect(contrast(tokenIn(text, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  // The details, which lie above the board on a ground of their own, do not grey.
  it.each(pairs.filter(([, ground]) => ground !== 'raised'))('%s can be read on %s where the board is stale', (text, ground) => {
    expect(contrast(staleIn(text, theme), staleIn(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(
    SHAPES.filter((shape) => shape !== 'line-strong').flatMap((shape) =>
      ['panel', 'ground', 'sunken', 'red-ground', 'amber-ground'].map((ground) => [shape, ground] as const),
    ),
  )('the shape of %s can be told from %s', (shape, ground) => {
    expect(contrast(tokenIn(shape, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});
