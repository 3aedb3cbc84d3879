/** What breaks the page's Content-Security-Policy, Trusted Types among it, as the browser itself tells it. */
import type { BrowserContext } from 'playwright-core';

const BINDING = 'tellPolicyBreach';

/** Fills with what any page of the context does against its policy, from its first moment on; for a context without pages so far. */
export async function watchPolicy(context: BrowserContext): Promise<string[]> {
  const breaches: string[] = [];
  await context.exposeBinding(BINDING, (_, breach: string) => void breaches.push(breach));
  await context.addInitScript((binding) => {
    const tell = (globalThis as unknown as Record<string, (breach: string) => void>)[binding];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) =>
      tell?.(`${location.pathname}: ${effectiveDirective} by ${blockedURI} at ${sourceFile}:${lineNumber} ${sample}`),
    );
  }, BINDING);
  return breaches;
}
