/** The late parts' stylesheet: none of them is shown before it has come. */
import href from '../late.css?url';

/** Settles when it is applied; rejects where it cannot be fetched. `failures`: how often that was before (see late-file.ts). */
export function loadLateStyles(page: Document, failures: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = page.createElement('link');
    link.rel = 'stylesheet';
    link.href = failures === 0 ? href : `${href}?${failures}`;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error('the stylesheet of the late parts could not be fetched'));
    };
    page.head.append(link);
  });
}
