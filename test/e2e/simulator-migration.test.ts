import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { runMigrationScenario } from './migration-scenario.ts';

/** Both ways in which KubeVirt writes a migration, both ways in which a stream is held. */
const VARIANTS: readonly { kubevirt: KubeVirtVersion; fanOut: 'direct' | 'bridge' }[] = [
  { kubevirt: '1.6', fanOut: 'direct' },
  { kubevirt: '1.5', fanOut: 'bridge' },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchWatchedBrowser();
});
afterAll(() => browser.close());

describe.each(VARIANTS)(
  'T1–T5, L1–L3, P1: the original report, on a simulated cluster, KubeVirt $kubevirt, $fanOut',
  ({ kubevirt, fanOut }) => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ kubevirt }, { FAN_OUT: fanOut });
    });
    afterAll(() => lab?.stop());

    test('an Ubuntu VM moves, and every open page shows it', async () => {
      const { cluster, boardUrl, forwarder } = lab;
      const vmi = cluster
        .list('virtualmachineinstances')
        .find(({ metadata, status }) => metadata.name.startsWith('ubuntu') && status?.phase === 'Running');
      const from = vmi?.status?.nodeName;
      const to = cluster
        .list('nodes')
        .map(({ metadata }) => metadata.name)
        .find((name) => name !== from);
      if (vmi === undefined || from === undefined || to === undefined) throw new Error('the simulator has no running Ubuntu VM');
      const { namespace = '', name } = vmi.metadata;
      await runMigrationScenario({
        browser,
        pageUrl: boardUrl,
        vm: `${namespace}/${name}`,
        from,
        to,
        migrate: () => {
          const move = cluster.migrate({ namespace, name, to });
          return { stepTo: (step) => void move.stepTo(step), finish: () => void move.finish() };
        },
      });
      expect(forwarder.output()).not.toMatch(/error/i);
    });
  },
);
