import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../local/paths.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';

/** interface.md D.6: what the first load may cost, gzipped. */
const BUDGET_BYTES = { js: 20_000, css: 6_000, html: 3_000 };

/** Our own: what is loaded after the first board, and when a view is opened; with the words of both, in the language that takes most. */
const LATE_BYTES = { board: 56_000, css: 11_500, view: 10_000 };

/** What is loaded when it is wanted, and with which words; null: it says only what the board's words say. */
const WORDS_OF_VIEWS: Readonly<Record<string, string | null>> = {
  'add-cluster-panel': 'add-cluster-words',
  'drain-view': 'drain-words',
  drawers: 'details-words',
  'fleet-view': 'fleet-words',
  'group-board': null,
  'key-help': 'help-words',
  'migrations-view': 'migrations-words',
  scrubber: 'past-words',
  'table-view': 'table-words',
};

let folder: string;
let html: string;

beforeAll(async () => {
  folder = await makeFolder('budget');
  // Not into dist/web, which another lane may be serving; a process of its own, because Vitest's NODE_ENV makes a page for developers.
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', 'vite.config.ts', 'web', '--outDir', folder, '--emptyOutDir'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  html = await readFile(join(folder, 'index.html'), 'utf8');
}, 180_000);
afterAll(() => removeFolder(folder));

/** What index.html names, and what those files import at once. */
async function firstLoad(extension: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const wanted = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path = '']) => path);
  for (const path of wanted) {
    if (!path.endsWith(extension) || sizes.has(path)) continue;
    const text = await readFile(join(folder, path), 'utf8');
    sizes.set(path, gzipSync(text, { level: 9 }).length);
    const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)].map(([, name = '']) => `assets/${name}`);
    wanted.push(...imports.filter((name) => !sizes.has(name)));
  }
  return sizes;
}
const sum = (sizes: Map<string, number>): number => [...sizes.values()].reduce((total, size) => total + size, 0);

describe('the first load', () => {
  it('of scripts keeps its budget, in one file', async () => {
    const sizes = await firstLoad('.js');
    expect(sizes.size).toBe(1);
    expect(sum(sizes)).toBeLessThanOrEqual(BUDGET_BYTES.js);
  });

  it('of styles keeps its budget', async () => {
    const sizes = await firstLoad('.css');
    expect(sizes.size).toBe(1);
    expect(sum(sizes)).toBeLessThanOrEqual(BUDGET_BYTES.css);
  });

  it('is followed by no more than this: what every board gets, and each view that is wanted', async () => {
    const late = new Map<string, number>();
    for (const path of (await readdir(join(folder, 'assets'))).filter((name) => /\.(js|css)$/.test(name) && !html.includes(name)))
      late.set(path.replace(/-[\w-]{8}\.\w+$/, ''), gzipSync(await readFile(join(folder, 'assets', path)), { level: 9 }).length);
    const take = (name: string): number => {
      const bytes = late.get(name) ?? Number.NaN;
      late.delete(name);
      return bytes;
    };
    const takeWords = (...names: readonly string[]): number => Math.max(...names.map(take));
    expect(take('late-parts') + take('shared') + takeWords('en-late', 'zh-hans-late')).toBeLessThanOrEqual(LATE_BYTES.board);
    expect(take('late')).toBeLessThanOrEqual(LATE_BYTES.css);
    for (const [view, words] of Object.entries(WORDS_OF_VIEWS)) {
      const bytes = take(view) + (words === null ? 0 : takeWords(`${words}-en`, `${words}-zh-hans`));
      expect(bytes, view).toBeLessThanOrEqual(LATE_BYTES.view);
    }
    expect(take('zh-hans')).toBeLessThanOrEqual(LATE_BYTES.view);
    expect([...late.keys()], 'counted by nobody').toEqual([]);
  });

  it('is never named by another file where it may be asked for under another address', async () => {
    const files = await readdir(join(folder, 'assets'));
    expect(files.some((name) => name.startsWith('late-parts-'))).toBe(true);
    for (const name of files.filter((each) => each.endsWith('.js'))) {
      const imported = [...(await readFile(join(folder, 'assets', name), 'utf8')).matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)];
      expect(
        imported.map(([, path = '']) => path.replace(/-[\w-]{8}\.js$/, '')).filter((path) => path !== 'page' && path !== 'shared'),
        name,
      ).toEqual([]);
    }
  });

  it('of markup keeps its budget', () => {
    expect(gzipSync(html, { level: 9 }).length).toBeLessThanOrEqual(BUDGET_BYTES.html);
  });

  it('fetches nothing from elsewhere, and needs no inline script (P6)', async () => {
    expect(html).not.toMatch(/<script>|<style|(?:src|href)="(?:https?:)?\/\//);
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|css)$/.test(name));
    for (const name of files) expect(await readFile(join(folder, name), 'utf8'), name).not.toMatch(/url\(["']?(?:https?:|data:)/);
  });
});

/** What all chips of a board are within, and perhaps more that is said of it, before `:has(` of something that is not a child or a sibling. */
const ASKED_AROUND_CHIPS =
  /(?<![\w-])(?::root|html|body|#app|main|\.page|\.board|\.hosts|\.host)(?![\w-])(?:\[[^\]]*\])*(?::not\()?:has\((?![>~+])/;

it('no style asks what is within an element that holds ten thousand chips', async () => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.css'));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const selectors = (await readFile(join(folder, name), 'utf8')).split(/[{}]/);
    // Chromium styles the whole board anew then, for each chip that comes.
    expect(
      selectors.filter((selector) => ASKED_AROUND_CHIPS.test(selector)),
      name,
    ).toEqual([]);
  }
});
