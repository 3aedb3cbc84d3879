import { describe, expect, it } from 'vitest';
import { importPlainly } from '../../vite.config.ts';

const plain = (code: string): string => importPlainly(code, 'page');

describe('the object of a late file’s names is not exported', () => {
  it.each([
    ['export { late_parts_exports as t };', 'export {  };'],
    ['export { a as b, x_exports as a$ };', 'export { a as b };'],
    ['export { x_exports as $, a as b };', 'export { a as b };'],
    ['export { a$1, $x_exports$1 as t, b as $n };', 'export { a$1, b as $n };'],
    ['export { a, x_exports, y_exports as t };', 'export { a };'],
    ['export { a as x_exports_, b };', 'export { a as x_exports_, b };'],
  ])('%s', (code, expected) =>
    expect(plain(`const a = 'x_exports as t, ';\n${code}\n`)).toBe(`const a = 'x_exports as t, ';\n${expected}\n`),
  );

  it.each([
    "import { t as x_exports } from './shared.js';",
    "import { a,\n  x_exports$1 as b } from './shared.js';",
    'export {x_exports as t};',
    "export { x_exports as t } from './shared.js';",
  ])('and is not left in %s', (code) => expect(() => plain(code)).toThrow('page: the names of a file'));
});

describe('a late import', () => {
  const late = (then: string): string => `const load = () => "preload"(() => import("./late-!~{001}~.js")${then}, __VITE_PRELOAD__);`;

  it.each(['', '.then((n) => n.t)', '.then((n) => n.a$)'])('is an import alone, after %s too', (then) =>
    expect(plain(late(then))).toBe('const load = (again = "") => import("./late-!~{001}~.js" + again);'),
  );

  it('of another form fails the build', () =>
    expect(() => plain(late('.then(({ t }) => t)'))).toThrow('page: a late file is not imported'));
});
