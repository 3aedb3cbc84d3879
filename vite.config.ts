import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * The first load: what the first board needs. The rest is loaded after it is painted, or for its readers only. Named by what is early, so
 * that a new file is late until somebody decides otherwise.
 */
const EARLY = [
  /\/core\/(cluster-state|cursor|equal|freshness|lanes|limits|model|result|summary)\.ts$/,
  /\/web\/main\.tsx$/,
  /\/web\/board\/(board|chip-id|cluster-model|cluster-view|count-strip|host-card|lane-list|moving-chip|note-slot|vm-chip|vm-name)\.tsx?$/,
  /\/web\/late\/(late-file|late-parts-file|late-pending)\.tsx?$/,
  /\/web\/page\/(context|page-life|page-view|route|route-model)\.tsx?$/,
  /\/web\/parts\/(elapsed|empty-state|link|shape|skeleton|top-bar)\.tsx$/,
  /\/web\/rendering\/(frame|rendering|rest|slices|use-slices)\.tsx?$/,
  /\/web\/settings\/settings-model\.ts$/,
  /\/web\/stream\/(answer|api|badge|cluster-session|connection-badge|connection-model|connection-state|head-watch|read-json|reload-button|server-clock|stream)\.tsx?$/,
  /\/web\/words\/(en|format|i18n|state-text)\.ts$/,
  /\/node_modules\/|preload-helper/,
];

/** What is fetched on its own. */
const LATE_FILES = [
  'arranging/group-board.tsx',
  'details/details-words-en.ts',
  'details/details-words-zh-hans.ts',
  'details/drawers.tsx',
  'drain/drain-view.tsx',
  'drain/drain-words-en.ts',
  'drain/drain-words-zh-hans.ts',
  'fleet/add-cluster-panel.tsx',
  'fleet/add-cluster-words-en.ts',
  'fleet/add-cluster-words-zh-hans.ts',
  'fleet/fleet-view.tsx',
  'fleet/fleet-words-en.ts',
  'fleet/fleet-words-zh-hans.ts',
  'history/past-words-en.ts',
  'history/past-words-zh-hans.ts',
  'history/scrubber.tsx',
  'late/late-parts.ts',
  'migrations/migrations-view.tsx',
  'migrations/migrations-words-en.ts',
  'migrations/migrations-words-zh-hans.ts',
  'table/table-view.tsx',
  'table/table-words-en.ts',
  'table/table-words-zh-hans.ts',
  'words/en-late.ts',
  'words/zh-hans-late.ts',
].map((path) => fileURLToPath(new URL(`web/${path}`, import.meta.url)));

type ModuleInfoOf = (id: string) => { readonly importedIds: readonly string[] } | null;

/** The modules that a late file needs; what of them is early has its group already. */
function selectNeeded(file: string, infoOf: ModuleInfoOf): Set<string> {
  const needed = new Set([file]);
  for (const id of needed) {
    for (const imported of infoOf(id)?.importedIds ?? []) needed.add(imported);
  }
  return needed;
}

let needs: readonly ReadonlySet<string>[] | null = null;

/**
 * What two late files need is in a third, `shared`, and never in one of the two: where `late-parts` had to be asked for anew, under an address
 * of its own, a view that named it would get another copy of it.
 */
function sharedName(id: string, infoOf: ModuleInfoOf): string | null {
  needs ??= LATE_FILES.map((file) => selectNeeded(file, infoOf));
  return !LATE_FILES.includes(id) && needs.filter((needed) => needed.has(id)).length > 1 ? 'shared' : null;
}

/**
 * Vite's helper for dynamic imports preloads what they need; here that is nothing, and the helper costs 0.7 kB of the page's 20. Of its calls the
 * import alone stays.
 */
const plainDynamicImport: Plugin = {
  name: 'plain-dynamic-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
  renderChunk: (code) => code.replace(/__vitePreload\(\(\) => (.+?), __VITE_PRELOAD__\)/gs, '$1'),
};

/** The theme that a reader chose is set by the script: nothing is painted before it, where the browser can wait. */
const paintAfterScript: Plugin = {
  name: 'paint-after-script',
  enforce: 'post',
  transformIndexHtml: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
};

/** What is asked for anew where it could not be fetched needs its own name: `LATE_PARTS_FILE` becomes `./late-parts-….js`. */
const namesOfLateFiles: Plugin = {
  name: 'names-of-late-files',
  renderChunk: (code, { dynamicImports }) =>
    code.replace(/\b([A-Z]+(?:_[A-Z]+)*)_FILE\b/g, (constant, name: string) => {
      const file = dynamicImports.find((path) => path.includes(`/${name.toLowerCase().replaceAll('_', '-')}-`));
      if (file === undefined) throw new Error(`${constant}: the build has no such file`);
      return JSON.stringify(file.replace('assets/', './'));
    }),
};

export default defineConfig({
  root: 'web',
  // Fewer bytes than the automatic runtime: no `children:` in each call, and no runtime of its own.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h_', pragmaFrag: 'Fragment_' },
    jsxInject: "import { h as h_, Fragment as Fragment_ } from 'preact'",
  },
  plugins: [plainDynamicImport, paintAfterScript, namesOfLateFiles],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // No module of the page is imported for its effects alone: what a file does not use, it does not wait for.
      treeshake: { moduleSideEffects: false },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'page', test: (id) => EARLY.some((early) => early.test(id)), priority: 1 },
            { debugName: 'shared', name: (id, context) => sharedName(id, (each) => context.getModuleInfo(each)) },
          ],
        },
      },
    },
  },
});
