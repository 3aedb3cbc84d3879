import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const MAIN = fileURLToPath(new URL('web/main.tsx', import.meta.url));

/** `core/model.ts` hands its names on, and nothing of the first board uses one of them. */
const KINDS = fileURLToPath(new URL('core/kinds.ts', import.meta.url));

interface ModuleInfo {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
}
type ModuleInfoOf = (id: string) => ModuleInfo | null;

/** The modules that come with a file. */
function selectNeeded(file: string, infoOf: ModuleInfoOf): Set<string> {
  const needed = new Set([file]);
  for (const id of needed) {
    for (const imported of infoOf(id)?.importedIds ?? []) needed.add(imported);
  }
  return needed;
}

interface Loads {
  /** The first load: all that `main.tsx` imports. The rest is loaded after it is painted, or for its readers only. */
  readonly first: ReadonlySet<string>;
  /** Of each file that is fetched on its own, the modules that it needs: those of the first load too. */
  readonly late: ReadonlyMap<string, ReadonlySet<string>>;
}

function readLoads(infoOf: ModuleInfoOf): Loads {
  const first = selectNeeded(MAIN, infoOf);
  first.delete(KINDS);
  const seen = new Set(first);
  const late = new Map<string, ReadonlySet<string>>();
  for (const id of seen) {
    for (const file of infoOf(id)?.dynamicallyImportedIds ?? []) {
      if (late.has(file)) continue;
      const needed = selectNeeded(file, infoOf);
      late.set(file, needed);
      for (const each of needed) seen.add(each);
    }
  }
  return { first, late };
}

let loads: Loads | null = null;

/**
 * Which file a module is in; null: the one that alone needs it. What two late files need is in a third, `shared`, and never in one of the two:
 * where `late-parts` had to be asked for anew, under an address of its own, a view that named it would get another copy of it.
 */
function nameFile(id: string, infoOf: ModuleInfoOf): string | null {
  loads ??= readLoads(infoOf);
  const { first, late } = loads;
  if (first.has(id)) return 'page';
  return !late.has(id) && [...late.values()].filter((needed) => needed.has(id)).length > 1 ? 'shared' : null;
}

/** What becomes of `() => import('…')`; the names of a file that has others' in one object are also its own. */
const LATE_IMPORT = /\(\) => "preload"\(\(\) => import\(("[^"]+")\)(?:\.then\(\((\w+)\) => \2\.[\w$]+\))?, __VITE_PRELOAD__\)/g;

const EXPORTED = /^export \{ ([^{}]*) \};$/gm;
/** That object among the exports: nobody asks for it then, and it goes. */
const NAMES_OBJECT = /^[\w$]+_exports(?:\$\d+)?(?: as [\w$]+)?$/;
/** Another file would ask for what has gone. */
const NAMES_LEFT = /^(?:im|ex)port \{[^{}]*_exports(?!\w)[^{}]*\}/m;

/** What becomes of a built file. It fails where that would be one which only a browser refuses. */
export function importPlainly(code: string, name: string): string {
  const plain = code
    .replace(LATE_IMPORT, '(again = "") => import($1 + again)')
    .replace(EXPORTED, (_, list: string) => `export { ${dropNamesObjects(list)} };`);
  if (plain.includes('__VITE_PRELOAD__')) throw new Error(`${name}: a late file is not imported by \`() => import('…')\``);
  if (NAMES_LEFT.test(plain)) throw new Error(`${name}: the names of a file are handed on in one object`);
  return plain;
}

const dropNamesObjects = (list: string): string =>
  list
    .split(', ')
    .filter((each) => !NAMES_OBJECT.test(each))
    .join(', ');

/**
 * Vite's helper for dynamic imports preloads what they need; here that is nothing, and the helper costs 0.7 kB of the page's 20. It is made a
 * text, which stands in its calls in its place (`inlineConst`), and of those the import alone stays. It takes what is to stand behind the file's
 * address (web/late/late-file.ts says why).
 */
const plainDynamicImport: Plugin = {
  name: 'plain-dynamic-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = "preload";' : null),
  renderChunk: (code, { name }) => importPlainly(code, name),
};

/** The theme that a reader chose is set by the script: nothing is painted before it, where the browser can wait. */
const paintAfterScript: Plugin = {
  name: 'paint-after-script',
  enforce: 'post',
  transformIndexHtml: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
};

export default defineConfig({
  root: 'web',
  // Fewer bytes than the automatic runtime: no `children:` in each call, and no runtime of its own.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h_', pragmaFrag: 'Fragment_' },
    jsxInject: "import { h as h_, Fragment as Fragment_ } from 'preact'",
  },
  // What Preact and its signals ask of where they run is known of a browser, and there are no developer tools of signals.
  define: { 'window.__PREACT_SIGNALS_DEVTOOLS__': 'false', 'typeof window': '"object"', 'typeof requestAnimationFrame': '"function"' },
  plugins: [plainDynamicImport, paintAfterScript],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      // No module of the page is imported for its effects alone: what a file does not use, it does not wait for.
      treeshake: { moduleSideEffects: false },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ debugName: 'page, shared', name: (id, context) => nameFile(id, (each) => context.getModuleInfo(each)) }],
        },
      },
    },
  },
});
