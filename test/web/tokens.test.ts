import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOST_STATES, VM_STATES } from '../../core/model.ts';
import { ALL_DEFICIENCIES, type Colour, contrast, distance, greyOf, parseColour, seenWith } from '../support/colour.ts';

const STYLES = new URL('../../web/styles/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, STYLES), 'utf8');
const tokens = new Map<string, readonly [light: string, dark: string]>();
for (const [, name, light, dark] of read('tokens.css').matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)) {
  if (name !== undefined && light !== undefined && dark !== undefined) tokens.set(name, [light, dark]);
}

type Theme = 0 | 1;
function tokenIn(name: string, theme: Theme): Colour {
  const token = tokens.get(name)?.[theme];
  if (token === undefined) throw new Error(`tokens.css has no colour --${name}`);
  return parseColour(token);
}

const staleOpacityIn = (sheet: string): number =>
  Number(/\.board:not\(\[data-freshness="live"\]\)[^{]*\{\s*filter: grayscale\(1\);\s*opacity: ([\d.]+);/.exec(read(sheet))?.[1]);
const staleOpacity = staleOpacityIn('board.css');
/** As a board that is not live shows it: without colour, and let through to the ground. */
function staleIn(name: string, theme: Theme): Colour {
  const grey = greyOf(tokenIn(name, theme));
  return tokenIn('ground', theme).map((ground) => staleOpacity * grey + (1 - staleOpacity) * ground);
}

const TEXT_ON: Record<string, readonly string[]> = {
  ink: ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'amber-ground', 'red-ground'],
  'ink-muted': ['ground', 'panel', 'sunken', 'raised', 'hover', 'move-ground', 'amber-ground', 'red-ground'],
  move: ['panel', 'sunken', 'ground', 'hover', 'move-ground', 'red-ground', 'raised'],
  amber: ['panel', 'ground', 'hover', 'move-ground', 'sunken', 'red-ground', 'raised', 'amber-ground'],
  red: ['panel', 'ground', 'hover', 'raised', 'red-ground', 'sunken'],
  // Filled with a colour: the button that signs in, and the answer that a host is safe.
  panel: ['move', 'green'],
};
const SHAPES = ['green', 'blue', 'sky', 'amber', 'purple', 'grey', 'red', 'move'];
const SHAPE_GROUNDS = ['panel', 'ground', 'sunken', 'raised', 'hover', 'move-ground', 'amber-ground', 'red-ground'];
/** What a field or a button stands on, whose edge is the strong line (WCAG 1.4.11). */
const FIELD_GROUNDS = ['panel', 'ground', 'sunken', 'raised'];
/** The least contrast that anybody sees, whichever colours they do not see. */
const leastContrast = (a: Colour, b: Colour): number =>
  Math.min(...ALL_DEFICIENCIES.map((deficiency) => contrast(seenWith(a, deficiency), seenWith(b, deficiency))));

const THEMES = [
  ['light', 0],
  ['dark', 1],
] as const;

it('all that is not live steps back alike', () => {
  expect(staleOpacityIn('late/stale.css')).toBe(staleOpacity);
});

describe.each(THEMES)('the colours of the %s theme, also to those who see fewer', (_, theme) => {
  const pairs = Object.entries(TEXT_ON).flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const));
  it.each(pairs)('%s can be read on %s', (text, ground) => {
    expect(leastContrast(tokenIn(text, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  // The details, which lie above the board on a ground of their own, do not grey; and what is not live is never said to be safe.
  const GREYED = pairs.filter(([text, ground]) => ground !== 'raised' && text !== 'panel');
  it.each(GREYED)('%s can be read on %s where the board is stale', (text, ground) => {
    expect(contrast(staleIn(text, theme), staleIn(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  const shapes = SHAPES.flatMap((shape) => SHAPE_GROUNDS.map((ground) => [shape, ground] as const));
  it.each([...shapes, ...FIELD_GROUNDS.map((ground) => ['line-strong', ground] as const)])(
    'the shape of %s can be told from %s',
    (shape, ground) => {
      expect(leastContrast(tokenIn(shape, theme), tokenIn(ground, theme))).toBeGreaterThanOrEqual(3);
    },
  );
});

/** What the page and its dock have for their ground while the past is shown. */
const past = new Map(
  [...read('late/history.css').matchAll(/--((?:past-)?ground):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark].map(parseColour)] as const,
  ),
);
describe.each(THEMES)('the past, in the %s theme', (_, theme) => {
  it.each(['ground', 'past-ground'])('has a ground of its own, on which all can be read that is read on the present’s: %s', (name) => {
    const ground = past.get(name)?.[theme] ?? [];
    expect(distance(ground, tokenIn(name === 'ground' ? 'ground' : 'panel', theme))).toBeGreaterThan(0.01);
    const texts = Object.entries(TEXT_ON).flatMap(([text, grounds]) => (grounds.includes('ground') ? [text] : []));
    for (const text of texts) expect(leastContrast(tokenIn(text, theme), ground), text).toBeGreaterThanOrEqual(4.5);
    for (const shape of [...SHAPES, 'line-strong']) expect(leastContrast(tokenIn(shape, theme), ground), shape).toBeGreaterThanOrEqual(3);
  });
});

const SHEETS = (readdirSync(STYLES, { recursive: true }) as string[]).filter((name) => name.endsWith('.css')).map(read);

it('all colours that texts have are among them, each on the ground that it is given with', () => {
  const textOf = (rule: string): string | undefined => /(?<![-\w])color:\s*var\(--([a-z-]+)\)/.exec(rule)?.[1];
  const groundOf = (rule: string): string | undefined => /(?<![-\w])background:\s*var\(--([a-z-]+)\)/.exec(rule)?.[1];
  const rules = SHEETS.flatMap((sheet) => sheet.split(/[{}]/)).filter((rule) => tokens.has(textOf(rule) ?? ''));
  expect(rules.length).toBeGreaterThan(100);
  for (const rule of rules) {
    const [text = '', ground] = [textOf(rule), groundOf(rule)];
    // The line before a cluster's name, which says nothing.
    if (text === 'line-strong') continue;
    expect(TEXT_ON, rule).toHaveProperty([text]);
    if (ground !== undefined && tokens.has(ground)) expect(TEXT_ON[text], rule).toContain(ground);
  }
});

/** What shapes.css says of a state: its hue, and what makes its figure. */
interface Sign {
  readonly hue: string;
  readonly figure: string;
}
const signs = new Map<string, Sign>();
for (const [, selector = '', body = ''] of read('shapes.css').matchAll(/&((?:\[data-shape="[^{]*)|(?::is\([^{]*))\{([^}]*)\}/g)) {
  const declared = (name: string): string => new RegExp(`--${name}:\\s*([^;]+);`).exec(body)?.[1]?.replace(/\s+/g, ' ') ?? '';
  const figure = `${declared('figure')} ${declared('hole')} ${/mask-composite:[^;]+/.exec(body)?.[0] ?? ''}`;
  for (const [, state = ''] of selector.matchAll(/data-shape="([^"]+)"/g)) signs.set(state, { hue: declared('hue'), figure });
}
const signOf = (state: string): Sign => signs.get(state) ?? { hue: '', figure: '' };

describe('who sees fewer colours', () => {
  // Hues come together: amber and red for two in a hundred men. So a shape never has two hues that mean two things.
  it.each([
    ['VMs', VM_STATES],
    ['hosts', HOST_STATES],
    ['answers', ['yes', 'no', 'unknown', 'off']],
  ])('tells the states of %s apart by shape: none differ in colour alone', (_, states) => {
    for (const [index, one] of states.entries()) {
      for (const other of states.slice(index + 1)) {
        const [a, b] = [signOf(one), signOf(other)];
        expect(a.figure === b.figure && a.hue !== b.hue, `${one} and ${other}`).toBe(false);
      }
    }
  });

  it('has a sign for each state, and the running VM and the active host the plain disc', () => {
    expect([...VM_STATES, ...HOST_STATES].filter((state) => !signs.has(state))).toEqual([]);
    expect([...signs].filter(([, { figure }]) => figure.trim() === '').map(([state]) => state)).toEqual(['running', 'active']);
  });

  /** What is not asked to leave is told by its outline. */
  const BAR = [...read('late/drain.css').matchAll(/&\[data-part="(gone|moving|stopping|waiting|stuck)"\] \{\s*--hue: var\(--([a-z-]+)\)/g)]
    .map(([, part = '', hue = '']) => [part, hue] as const)
    .slice(0, 5);
  it.each(THEMES)('tells the parts of a drain apart in its bar, in the %s theme', (_, theme) => {
    expect(BAR.map(([part]) => part)).toEqual(['gone', 'moving', 'stopping', 'waiting', 'stuck']);
    for (const deficiency of ALL_DEFICIENCIES) {
      for (const [index, [part, hue]] of BAR.entries()) {
        for (const [other, otherHue] of BAR.slice(index + 1)) {
          const colours = [hue, otherHue].map((each) => seenWith(tokenIn(each, theme), deficiency));
          expect(distance(colours[0] ?? [], colours[1] ?? []), `${part} and ${other}, ${deficiency}`).toBeGreaterThanOrEqual(0.06);
        }
      }
    }
  });

  const fillOf = (name: string): string =>
    SHEETS.flatMap((sheet) => new RegExp(`\\.${name} \\{\\s*fill: var\\(--([a-z-]+)\\)`).exec(sheet)?.[1] ?? [])[0] ?? '';
  it.each([
    ['the scrubber and the list of migrations', 'moves-ended', 'moves-failed'],
    ['the last hour of a cluster', 'spark-moved', 'spark-failed'],
    ['the capacity of a host', 'capacity-here', 'capacity-limit'],
  ])('tells the parts of %s apart', (_, one, other) => {
    for (const [name, theme] of THEMES) {
      for (const deficiency of ALL_DEFICIENCIES) {
        const [a = [], b = []] = [one, other].map((part) => seenWith(tokenIn(fillOf(part), theme), deficiency));
        expect(distance(a, b), `${name}, ${deficiency}`).toBeGreaterThanOrEqual(0.06);
      }
    }
  });
});

it('simulated colour-blindness is what it is called', () => {
  const [red, green, blue] = ['#ff0000', '#00ff00', '#0000ff'].map(parseColour);
  const near = (a: Colour = [], b: Colour = [], deficiency: (typeof ALL_DEFICIENCIES)[number] = 'none'): number =>
    distance(seenWith(a, deficiency), seenWith(b, deficiency));
  expect(near(red, green, 'none')).toBeGreaterThan(0.5);
  expect(near(red, green, 'deuteranopia')).toBeLessThan(near(red, green, 'none') / 2);
  expect(near(blue, green, 'tritanopia')).toBeLessThan(near(blue, green, 'deuteranopia'));
  expect(contrast(parseColour('#000000'), parseColour('#ffffff'))).toBe(21);
});

it('where the reader wants less motion, no other late style has a say', () => {
  const late = read('../late.css');
  expect([...late.matchAll(/layer\(([a-z-]+)\)/g)].at(-1)?.[1]).toBe('motion');
  expect(
    late
      .match(/@layer([^;]+);/)?.[1]
      ?.split(',')
      .at(-1)
      ?.trim(),
  ).toBe('motion');
});
