/** What a page holds once all garbage is collected: its heap, and its nodes, those included that are in no document any more. */
import type { CDPSession, Page } from 'playwright-core';

export interface PageHeap {
  readonly bytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

export interface PageHeapMeter {
  measure(): Promise<PageHeap>;
}

export async function openHeapMeter(page: Page): Promise<PageHeapMeter> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return { measure: () => measure(session) };
}

async function measure(session: CDPSession): Promise<PageHeap> {
  // What was only weakly held is let go by the first, and what hung on it by the next ones.
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { bytes: read('JSHeapUsedSize'), nodes: read('Nodes'), listeners: read('JSEventListeners') };
}

/** How much more of each there is, as a share. */
export const growthOf = (before: PageHeap, after: PageHeap): PageHeap => ({
  bytes: after.bytes / before.bytes - 1,
  nodes: after.nodes / before.nodes - 1,
  listeners: after.listeners / before.listeners - 1,
});

export const textOf = ({ bytes, nodes, listeners }: PageHeap): string =>
  `${(bytes / 1e6).toFixed(2)} MB, ${nodes} nodes, ${listeners} listeners`;
