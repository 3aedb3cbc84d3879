/**
 * The original report (harvester/harvester#7082, #10092, #1516, #8539) as one scenario, for any Kubernetes API: three hosts, an Ubuntu
 * VM, migrate it. Needs an edge and a forwarder that watches the cluster; the driver makes KubeVirt's updates one by one.
 */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { MigrationStepName } from '../../simulator/migration-timeline.ts';
import { type Drawn, observationOf, observeBoard } from '../support/board-observer.ts';
import { eventually } from '../support/stack.ts';

export interface MigrationDriver {
  stepTo(step: MigrationStepName): Promise<void> | void;
  finish(): Promise<void> | void;
}

export interface MigrationScenario {
  readonly browser: Browser;
  readonly pageUrl: string;
  /** `namespace/name` of a running VM. */
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  /** Starts the migration; nothing is visible until the first step. */
  readonly migrate: () => Promise<MigrationDriver> | MigrationDriver;
}

export async function runMigrationScenario({ browser, pageUrl, vm, from, to, migrate }: MigrationScenario): Promise<void> {
  const context = await browser.newContext();
  const elsewhere = await browser.newContext();
  try {
    const page = await openBoard(context.newPage(), pageUrl);
    const other = await openBoard(elsewhere.newPage(), pageUrl);
    /** On both pages, before the next step: a page that is slow paints two frames as one commit (P1), and then has not shown the first. */
    const onBoth = async <Seen>(
      read: (of: Page, vm: string) => Promise<Seen>,
      isSo: (seen: Seen) => boolean,
      what: string,
    ): Promise<void> => {
      for (const each of [page, other]) await eventually(() => read(each, vm), isSo, what);
    };
    await onBoth(placesOf, (places) => places === `settled ${from}`, `${vm} stands in ${from}'s list`);
    await observeBoard(page, vm);
    await observeBoard(other, vm);
    await page.evaluate(() => {
      (globalThis as unknown as { hostviewMark: boolean }).hostviewMark = true;
    });

    const move = await migrate();
    await move.stepTo('Scheduling');
    await onBoth(placesOf, (places) => places === `leaving ${from}`, 'gone from the source’s list, in its leaving lane');
    await onBoth(leavingText, (text) => text.includes(to), `the leaving chip names ${to}`);

    await move.stepTo('HandedOver');
    await onBoth(placesOf, (places) => places === `leaving ${from}, arriving ${to}`, 'in both lanes');

    await move.stepTo('Running');
    await onBoth(stageOf, (stage) => stage === 'transferring', 'transferring');
    const reloaded = await openBoard(context.newPage(), pageUrl);
    await eventually(
      () => placesOf(reloaded, vm),
      (places) => places === `leaving ${from}, arriving ${to}`,
      'the same after a reload in the middle',
    );
    expect(await stageOf(reloaded, vm)).toBe('transferring');
    await expectSamePicture(page, reloaded);
    await reloaded.close();

    await move.stepTo('Switched');
    await onBoth(placesOf, (places) => places === `settled ${to}`, `${vm} stands in ${to}'s list`);
    await move.finish();
    await onBoth(stageOf, (stage) => stage === null, 'no migration any more');
    await expectSamePicture(page, other);

    for (const viewer of [page, other]) expectTrueThroughout(await observationOf(viewer), from, to);
    expect(await page.evaluate(() => (globalThis as unknown as { hostviewMark?: boolean }).hostviewMark), 'without a reload').toBe(true);
  } finally {
    await context.close();
    await elsewhere.close();
  }
}

/** At no commit on two lists, missing, stopped, or back where it came from. */
function expectTrueThroughout(observation: { violations: readonly string[]; drawn: readonly Drawn[] }, from: string, to: string): void {
  expect(observation.violations).toEqual([]);
  expect(observation.drawn.map(({ state }) => state).filter((state) => state !== 'running')).toEqual([]);
  expect(observation.drawn.some(({ unplaced }) => unplaced)).toBe(false);
  const places = observation.drawn.map(({ settled, leaving, arriving }) =>
    [settled.map((host) => `in ${host}`), leaving.map((host) => `leaves ${host}`), arriving.map((host) => `for ${host}`)].flat().join(' '),
  );
  const order = places.filter((place, index) => place !== places[index - 1]);
  const whole = [`in ${from}`, `leaves ${from}`, `leaves ${from} for ${to}`, `in ${to}`];
  expect(order).toEqual(whole);
}

/** The same cursor, and the same picture. */
export async function expectSamePicture(one: Page, other: Page): Promise<void> {
  await eventually(
    async () => [await pictureOf(one), await pictureOf(other)] as const,
    ([a, b]) => a === b,
    'both pages show the same',
  );
}

/** What a board shows: the cursor it painted, and each VM's place, state and stage. */
export const pictureOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const chips = [...document.querySelectorAll('[data-lane] [data-vm]')].map((chip) => {
      const host = chip.closest('[data-host]')?.getAttribute('data-host') ?? '-';
      const lane = chip.closest('[data-lane]')?.getAttribute('data-lane');
      return [host, lane, chip.getAttribute('data-vm'), chip.getAttribute('data-state'), chip.getAttribute('data-stage')].join(' ');
    });
    return [document.querySelector('[data-cursor]')?.getAttribute('data-cursor') ?? 'no cursor', ...chips.sort()].join('\n');
  });

export async function openBoard(opening: Promise<Page>, url: string): Promise<Page> {
  const page = await opening;
  await page.goto(url);
  await page.waitForSelector('[data-host]');
  await page.waitForSelector('[data-connection="live"]');
  return page;
}

/** `settled host-1`, `leaving host-1, arriving host-2`, … of the board as it is now. */
export const placesOf = (page: Page, vm: string): Promise<string> =>
  page.evaluate((id) => {
    const places = ['settled', 'leaving', 'arriving'].flatMap((lane) =>
      [...document.querySelectorAll(`[data-host] [data-lane="${lane}"] [data-vm="${CSS.escape(id)}"]`)].map(
        (chip) => `${lane} ${chip.closest('[data-host]')?.getAttribute('data-host')}`,
      ),
    );
    return places.join(', ');
  }, vm);

const leavingText = (page: Page, vm: string): Promise<string> =>
  page.evaluate((id) => document.querySelector(`[data-lane="leaving"] [data-vm="${CSS.escape(id)}"]`)?.textContent ?? '', vm);

const stageOf = (page: Page, vm: string): Promise<string | null> =>
  page.evaluate((id) => document.querySelector(`[data-vm="${CSS.escape(id)}"]`)?.getAttribute('data-stage') ?? null, vm);
