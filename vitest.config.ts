import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Files at a time: Vitest would leave one of two cores idle. */
const FILES_COUNT = 2;
/** In lanes that start servers, and mostly wait for them. */
const SERVERS_FILES_COUNT = 3;

/** What hangs is to fail, and not what waits for a busy machine: Vitest would give a test 5 s, and what is polled 1 s. */
const PATIENCE = { testTimeout: 30_000, hookTimeout: 30_000, expect: { poll: { timeout: 30_000 } } } as const;
const SERVERS_PATIENCE = { ...PATIENCE, testTimeout: 120_000, hookTimeout: 120_000 } as const;
/**
 * Where workerd, real servers, a real browser and whoever else uses the machine take part, what did not come in time is tried once more, and what
 * came then is named with its failure (test/run.ts): it is a bug, of the test at least. What came and was wrong has failed, however seldom it is.
 */
const ATTEMPTS = { retry: { count: 1, condition: /\btimed? ?out\b|it never came about/i } };

/** The lanes of `npm test`; test/run.ts runs them and says which program a lane needs. */
export default defineConfig({
  test: {
    // The Worker logs every refusal, and most of its tests are about some.
    onConsoleLog: (said) => !said.startsWith('{"level":"warn","message":"request"'),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{bench,core,forwarder,simulator,web,local}/**/*.test.{ts,tsx}'],
          maxWorkers: FILES_COUNT,
          ...PATIENCE,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'worker',
          ...ATTEMPTS,
          include: ['test/worker/**/*.test.ts'],
          maxWorkers: FILES_COUNT,
          ...PATIENCE,
          // workerd has no environment variables of the process; test/worker/runs.ts reads these.
          provide: { long: process.env.HOSTVIEW_LONG === '1', seed: process.env.HOSTVIEW_SEED ?? '' },
        },
      },
      {
        test: {
          name: 'apiserver',
          ...ATTEMPTS,
          globalSetup: ['test/support/build.ts'],
          include: ['test/apiserver/**/*.test.ts'],
          ...SERVERS_PATIENCE,
          maxWorkers: SERVERS_FILES_COUNT,
          // What runs side by side in a file mostly waits for what counts as live to be over.
          maxConcurrency: 10,
        },
      },
      {
        test: {
          name: 'scenarios',
          ...ATTEMPTS,
          globalSetup: ['test/support/build.ts'],
          include: ['test/scenarios/**/*.test.ts'],
          ...SERVERS_PATIENCE,
          maxWorkers: SERVERS_FILES_COUNT,
          maxConcurrency: 8,
        },
      },
      {
        test: {
          name: 'browser',
          ...ATTEMPTS,
          globalSetup: ['test/support/build.ts'],
          include: ['test/e2e/**/*.test.ts'],
          ...PATIENCE,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each is a browser, an edge and a page that is timed by its frames.
          maxWorkers: FILES_COUNT,
        },
      },
    ],
  },
});
