/** What a page holds once all garbage is collected: its heap, and its nodes, those included that are in no document any more. */
import type { CDPSession, Page } from 'playwright-core';

export interface PageHeap {
  readonly bytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

export interface PageHeapMeter {
  measure(): Promise<PageHeap>;
  /** Every text that the page's heap holds, once. */
  texts(): Promise<ReadonlySet<string>>;
}

export async function openHeapMeter(page: Page): Promise<PageHeapMeter> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return { measure: () => measure(session), texts: () => readTexts(session) };
}

/** What was only weakly held is let go by the first, and what hung on it by the next ones. */
async function collectGarbage(session: CDPSession): Promise<void> {
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
}

async function measure(session: CDPSession): Promise<PageHeap> {
  await collectGarbage(session);
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { bytes: read('JSHeapUsedSize'), nodes: read('Nodes'), listeners: read('JSEventListeners') };
}

async function readTexts(session: CDPSession): Promise<ReadonlySet<string>> {
  await collectGarbage(session);
  const chunks: string[] = [];
  const take = ({ chunk }: { readonly chunk: string }): void => void chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.takeHeapSnapshot', {});
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { strings } = JSON.parse(chunks.join('')) as { readonly strings: readonly string[] };
  return new Set(strings);
}

/** How much more of each there is, as a share. */
export const growthOf = (before: PageHeap, after: PageHeap): PageHeap => ({
  bytes: after.bytes / before.bytes - 1,
  nodes: after.nodes / before.nodes - 1,
  listeners: after.listeners / before.listeners - 1,
});

export const textOf = ({ bytes, nodes, listeners }: PageHeap): string =>
  `${(bytes / 1e6).toFixed(2)} MB, ${nodes} nodes, ${listeners} listeners`;
