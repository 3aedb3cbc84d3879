/** `npm run pictures`: the pictures of the page in docs/, from a simulated cluster at a moment at which something happens. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { ROOT } from '../local/paths.ts';
import { serveCluster } from '../simulator/api-server.ts';
import { createCluster } from '../simulator/cluster.ts';
import { serveHandlers } from '../simulator/handler-server.ts';
import type { Cluster } from '../simulator/types.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { setup as build } from '../test/support/build.ts';
import { startEdgeProcess, startForwarder } from '../test/support/stack.ts';

const DESKTOP = { width: 1280, height: 720 };
const PICTURES: Readonly<Record<string, BrowserContextOptions>> = {
  'board-light': { viewport: DESKTOP, colorScheme: 'light' },
  'board-dark': { viewport: DESKTOP, colorScheme: 'dark' },
  'board-zh-hans': { viewport: DESKTOP, colorScheme: 'light', locale: 'zh-CN' },
  'board-narrow': { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

await build();
const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 14, seed: 3 });
const server = await serveCluster(cluster);
const handlers = await serveHandlers(cluster);
const edge = await startEdgeProcess();
const forwarder = await startForwarder(edge, 'harvester', server.kubeconfig, ['--progress']);
const browser = await launchBrowser();
try {
  stage(cluster);
  for (const [name, options] of Object.entries(PICTURES)) await takePicture(browser, `${edge.url}/c/harvester`, name, options);
} finally {
  await browser.close();
  await forwarder.stop();
  await edge.stop();
  await handlers.close();
  await server.close();
}

/** One VM under way, one about to leave, one whose move failed, a host that is cordoned. */
function stage(on: Cluster): void {
  const movable = on
    .list('virtualmachineinstances')
    .filter(
      ({ status }) =>
        status.phase === 'Running' && status.conditions?.some(({ type, status: is }) => type === 'LiveMigratable' && is === 'True'),
    )
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
  const [first, second, third, fourth] = movable;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('the simulator has too few VMs that can move');
  on.migrate({ ...third, outcome: 'failed' }).finish();
  on.migrate({ ...first, copyMs: 300_000 }).stepTo('Running');
  on.migrate(second).stepTo('Pending');
  const busy = new Set(on.moves.flatMap(({ from, to }) => [from, to]));
  const idle = on.list('nodes').find(({ metadata }) => !busy.has(metadata.name));
  if (idle !== undefined) on.cordon(idle.metadata.name);
}

async function takePicture(from: Browser, url: string, name: string, options: BrowserContextOptions): Promise<void> {
  const context = await from.newContext({ ...options, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('[data-connection="live"]');
  await page.waitForSelector('[data-lane="leaving"] [data-note="progress"]');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.screenshot({ path: join(ROOT, 'docs', `${name}.png`) });
  await context.close();
  console.log(`docs/${name}.png`);
}
