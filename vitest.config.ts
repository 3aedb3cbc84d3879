import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

/**
 * A test waits for what must come, however slow the machine: these limits only end one that waits for what never comes. Forwarders
 * and servers are started as processes, and some wait out real backoffs.
 */
const PATIENT = { testTimeout: 60_000, hookTimeout: 60_000 };

/** The lanes of `npm test`; test/run.ts runs them and says which program a lane needs. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{bench,core,forwarder,simulator,web,local}/**/*.test.{ts,tsx}'],
          ...PATIENT,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: { name: 'worker', include: ['test/worker/**/*.test.ts'], ...PATIENT },
      },
      {
        test: {
          name: 'apiserver',
          globalSetup: ['test/support/build.ts'],
          include: ['test/apiserver/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          globalSetup: ['test/support/build.ts'],
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
