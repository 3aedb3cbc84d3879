import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8');
const tokens = new Map<string, readonly [light: string, dark: string]>();
for (const [, name, light, dark] of css.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) {
  if (name !== undefined && light !== undefined && dark !== undefined) tokens.set(name, [light, dark]);
}

/** WCAG 2.2: relative luminance and contrast. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
function tokenIn(name: string, theme: 0 | 1): string {
  const token = tokens.get(name);
  if (token === undefined) throw new Error(`tokens.css has no colour --${name}`);
  return token[theme];
}

const TEXT_ON: Record<string, readonly string[]> = {
  ink: ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'amber-ground', 'red-ground'],
  'ink-muted': ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'red-ground'],
  move: ['panel', 'sunken', 'ground', 'move-ground', 'red-ground'],
  amber: ['panel', 'ground', 'move-ground', 'sunken', 'red-ground'],
  red: ['panel', 'ground', 'red-ground'],
};
const SHAPES = ['green', 'blue', 'sky', 'amber', 'purple', 'grey', 'red', 'move', 'line-strong'];

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the colours of the %s theme', (_, theme) => {
  it.each(Object.entries(TEXT_ON).flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    '%s can be read on %s',
    (text, ground) => {
      expect(contrast(tokenIn(text, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(
    SHAPES.filter((shape) => shape !== 'line-strong').flatMap((shape) =>
      ['panel', 'ground', 'sunken', 'red-ground', 'amber-ground'].map((ground) => [shape, ground] as const),
    ),
  )('the shape of %s can be told from %s', (shape, ground) => {
    expect(contrast(tokenIn(shape, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});
