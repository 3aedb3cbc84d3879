/** Saves a file that the page has made, as a download by a Blob's address: the policy of the page (CSP) allows it, and nothing leaves it. */
import type { ExportFile } from './export.ts';

/** Of one stretch of work, so that the page answers meanwhile. */
const SLICE_MS = 12;
/** The browser has read the address long before; a Blob whose address is not taken back stays in memory for the page's life. */
const REVOKE_AFTER_MS = 2_000;

export async function saveFile({ name, type, pieces }: ExportFile): Promise<void> {
  const address = URL.createObjectURL(new Blob(await collect(pieces), { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}

async function collect(pieces: Iterable<string>): Promise<string[]> {
  const parts: string[] = [];
  let part = '';
  let begun = performance.now();
  for (const piece of pieces) {
    part += piece;
    if (performance.now() - begun < SLICE_MS) continue;
    parts.push(part);
    part = '';
    await new Promise((resolve) => setTimeout(resolve));
    begun = performance.now();
  }
  return [...parts, part];
}
