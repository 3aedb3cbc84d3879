/**
 * Watches a drain board from inside the page: a MutationObserver that checks at every commit that its numbers, its lists and its answer
 * agree (SPEC P1, H1), and writes down what was shown at which cursor.
 */
import type { Page } from 'playwright-core';

export interface SeenDrain {
  readonly cursor: string;
  readonly connection: string;
  /** What the verdict says; null where the host is not being emptied. */
  readonly safe: string | null;
  readonly numbers: Readonly<Record<string, number>>;
  /** The kind of the estimate, and the reasons for which VMs wait. */
  readonly eta: string | null;
  readonly reasons: readonly string[];
}

export interface DrainObservation {
  readonly violations: readonly string[];
  /** Each different one, in order. */
  readonly seen: readonly SeenDrain[];
}

export const observeDrain = (page: Page): Promise<void> => page.evaluate(install);

export const drainObservationOf = (page: Page): Promise<DrainObservation> =>
  page.evaluate(() => (globalThis as unknown as { hostviewDrain: DrainObservation }).hostviewDrain);

/** Runs in the page, so it refers to nothing outside itself. */
function install(): void {
  const observation = { violations: [] as string[], seen: [] as SeenDrain[] };
  (globalThis as unknown as { hostviewDrain: DrainObservation }).hostviewDrain = observation;
  const numberIn = (element: Element | null | undefined): number => Number(element?.textContent?.replace(/\D/g, '') ?? 0);

  function look(): SeenDrain {
    const numbers = [...document.querySelectorAll('.drain-numbers [data-count]')].map(
      (cell) => [cell.getAttribute('data-count') ?? '', numberIn(cell)] as const,
    );
    return {
      cursor: document.documentElement.dataset.cursor ?? '',
      connection: document.querySelector('.badge')?.getAttribute('data-connection') ?? '',
      safe: document.querySelector('.verdict')?.getAttribute('data-safe') ?? null,
      numbers: Object.fromEntries(numbers),
      eta: document.querySelector('.drain-eta')?.getAttribute('data-eta') ?? null,
      reasons: [...document.querySelectorAll('.drain-section[data-part="waiting"] .drain-reason span:first-child')].map(
        (reason) => reason.textContent ?? '',
      ),
    };
  }

  function audit({ cursor, safe, numbers }: SeenDrain): void {
    const say = (what: string): void => {
      if (observation.violations.length < 20) observation.violations.push(`${cursor}: ${what}`);
    };
    if (safe === null) return;
    let listed = 0;
    for (const part of ['moving', 'stopping', 'waiting', 'stuck', 'unasked', 'arriving']) {
      const section = document.querySelector(`.drain-section[data-part="${part}"]`);
      const rows = section?.querySelectorAll('[data-vm]').length ?? 0;
      if (part === 'arriving') {
        if (safe === 'yes' && section !== null) say('yes, and somebody arrives');
        continue;
      }
      listed += rows;
      const head = numberIn(section?.querySelector('.drain-section-count'));
      if (rows !== head || head !== (numbers[part] ?? 0))
        say(`${part}: ${numbers[part]} in the numbers, ${head} in the head, ${rows} rows`);
    }
    if (safe === 'yes' && listed > 0) say(`yes, and ${listed} VMs are listed`);
    const moving = document.querySelectorAll('.drain-lists .moving').length;
    if (safe === 'yes' && moving > 0) say(`yes, and ${moving} VMs move`);
  }

  const check = (): void => {
    const now = look();
    audit(now);
    if (JSON.stringify(observation.seen.at(-1)) !== JSON.stringify(now)) observation.seen.push(now);
  };
  check();
  new MutationObserver(check).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
}
