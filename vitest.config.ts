import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/** The lanes of `npm test`; test/run.ts runs them and says which program a lane needs. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{bench,core,forwarder,simulator,web,local}/**/*.test.{ts,tsx}'],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: { name: 'worker', include: ['test/worker/**/*.test.ts'] },
      },
      {
        test: {
          name: 'apiserver',
          globalSetup: ['test/support/build.ts'],
          include: ['test/apiserver/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // What runs side by side in a file mostly waits for what counts as live to be over.
          maxConcurrency: 10,
        },
      },
      {
        test: {
          name: 'scenarios',
          globalSetup: ['test/support/build.ts'],
          include: ['test/scenarios/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 8,
        },
      },
      {
        test: {
          name: 'browser',
          globalSetup: ['test/support/build.ts'],
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
