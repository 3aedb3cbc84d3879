/** What a reader does with a page (random-use.ts): as script does it, so that nothing needs to be in sight. What is not there is not done, and answers false. */
import type { Page } from 'playwright-core';
import type { Random } from '../../simulator/random.ts';
import type { FakeEdge } from './fake-edge.ts';
import { someChange } from './random-story.ts';
import type { Acts } from './random-use.ts';

const QUERIES = [
  ...['', '', 'ubuntu', 'nothing-has-this-name', '"', '数据库', '-ns:default', 'foo:bar', 'state:running', 'os:linux', 'cause:drain'],
  ...['is:moving', 'is:attention', 'is:failed', 'host:host-1', 'zone:zone-a', 'label:app=a'],
];
const VIEWS = ['', 'table', 'migrations', 'drain'];
const GROUPS = ['', 'zone', 'namespace', 'none', 'label:app', 'label:toString'];
const SORTS = ['', '-name', '-vms', 'vms', '-memory', 'cpu', 'host', '-state', 'news', 'when', 'leaving', 'nonsense'];
export const WIDTHS = [390, 800, 1_280, 1_920];
const KEYS = ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft', 'Home', 'End', 'Tab', 'Enter', 'j', 't', 'b', 'g'];
const RECENT_MS = 8_000;
const VMS = 'main [data-vm] button, main [data-row] th button';

/** In the order of the settings' menu. */
const SETTINGS = [
  ['light', 'dark', 'system'],
  ['en', 'zh-Hans'],
  ['system', 'reduced', 'full'],
];

const oneOf = (random: Random, list: readonly string[]): string => random.pick(list) ?? '';

const act = (page: Page, selector: string, random: Random, kind: 'click' | 'focus' = 'click'): Promise<boolean> =>
  page.evaluate(
    ([wanted, part, how]) => {
      const all = document.querySelectorAll<HTMLElement>(wanted);
      all[Math.floor(part * all.length)]?.[how]();
      return all.length > 0;
    },
    [selector, random.next(), kind] as const,
  );

const choose = (page: Page, selector: string, random: Random): Promise<boolean> =>
  page.evaluate(
    ([wanted, part, choice]) => {
      const all = document.querySelectorAll<HTMLSelectElement>(wanted);
      const select = all[Math.floor(part * all.length)];
      if (select === undefined) return false;
      select.value = select.options[Math.floor(choice * select.options.length)]?.value ?? '';
      return select.dispatchEvent(new Event('change', { bubbles: true }));
    },
    [selector, random.next(), random.next()] as const,
  );

const set = (page: Page, index: number, value: string): Promise<boolean> =>
  page.evaluate(
    ([at, wanted]) => {
      const select = document.querySelectorAll<HTMLSelectElement>('.settings-menu select')[at];
      if (select === undefined) return false;
      select.value = wanted;
      return select.dispatchEvent(new Event('change', { bubbles: true }));
    },
    [index, value] as const,
  );

const type = (page: Page, text: string): Promise<boolean> =>
  page.evaluate((typed) => {
    const box = document.querySelector<HTMLInputElement>('.find-box input, .fleet-toolbar input');
    if (box === null) return false;
    box.focus();
    box.value = typed;
    return box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);

const turn = (page: Page, visibility: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);

/** As a link of the page's own leads there. */
const goTo = (page: Page, address: string): Promise<void> =>
  page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);

const goBack = (page: Page): Promise<void> =>
  page.evaluate(() => {
    // The first entry is of no page.
    const { navigation } = globalThis as unknown as { navigation: { currentEntry: { index: number } } };
    if (navigation.currentEntry.index > 0) history.back();
  });

const askFor = (page: Page, agoMs: number): Promise<boolean> =>
  page.evaluate((ago) => {
    const field = document.querySelector<HTMLInputElement>('#past-time');
    if (field === null) return false;
    field.value = String(Date.now() - ago);
    field.form?.requestSubmit();
    return true;
  }, agoMs);

function someAddress({ state }: FakeEdge, random: Random): string {
  const params = new URLSearchParams();
  const put = (key: string, likelihood: number, values: readonly string[]): void => {
    const value = oneOf(random, values);
    if (random.next() < likelihood && value !== '') params.set(key, value);
  };
  put('view', 1, VIEWS);
  put('q', 0.4, QUERIES);
  put('hide', 0.3, ['yes']);
  put('group', 0.5, GROUPS);
  put('sort', 0.5, SORTS);
  put('wall', 0.12, ['3600']);
  const selected =
    random.pick(['', '', `/vm/${oneOf(random, [...state.vms.keys()])}`, `/h/${oneOf(random, [...state.hosts.keys()])}`]) ?? '';
  return `/c/lab${/^\/(?:vm|h)\/$/.test(selected) ? '' : selected}${params.size === 0 ? '' : `?${params}`}`;
}

export const READER_ACTS: Acts = {
  view: [5, ({ page }, random) => act(page, '.views a', random)],
  overview: [1, ({ page }, random) => act(page, '.brand', random)],
  cluster: [4, ({ page }, random) => act(page, '[data-cluster] a', random)],
  back: [4, ({ page }) => goBack(page)],
  forward: [3, ({ page }) => page.evaluate(() => history.forward())],
  address: [5, ({ page, edge }, random) => goTo(page, someAddress(edge, random))],
  plain: [1, ({ page }) => goTo(page, '/c/lab')],
  reload: [1, ({ page }) => page.reload()],
  openVm: [4, ({ page }, random) => act(page, VMS, random)],
  openHost: [3, ({ page }, random) => act(page, 'main [data-host] h2 button, main .host-table th button', random)],
  escape: [3, ({ page }) => page.keyboard.press('Escape')],
  inDrawer: [2, ({ page }, random) => act(page, '.drawer a, .drawer button', random)],
  search: [4, ({ page }, random) => type(page, oneOf(random, QUERIES))],
  hide: [2, ({ page }, random) => act(page, '.tools-more .switch input', random)],
  arrange: [4, ({ page }, random) => choose(page, '.tools-more > select, .sort select, .fleet-toolbar select', random)],
  turnAround: [2, ({ page }, random) => act(page, '.sort button, thead button', random)],
  fold: [3, ({ page }, random) => act(page, '.fold', random)],
  tools: [1, ({ page }, random) => act(page, '.tools-button', random)],
  settings: [
    4,
    ({ page }, random) => {
      const index = random.below(SETTINGS.length);
      return set(page, index, oneOf(random, SETTINGS[index] ?? []));
    },
  ],
  resize: [2, ({ page }, random) => page.setViewportSize({ width: random.pick(WIDTHS) ?? 800, height: 850 })],
  scroll: [1, ({ page }, random) => page.evaluate((part) => scrollTo(0, part * document.body.scrollHeight), random.next())],
  point: [2, ({ page }, random) => page.mouse.move(random.below(700), 100 + random.below(500))],
  focus: [2, ({ page }, random) => act(page, VMS, random, 'focus')],
  key: [3, ({ page }, random) => page.keyboard.press(oneOf(random, KEYS))],
  lookAway: [
    1,
    async ({ page, edge }, random) => {
      await turn(page, 'hidden');
      edge.change(someChange(random, edge.state));
      await turn(page, 'visible');
    },
  ],
  history: [2, ({ page }, random) => act(page, '#history-button', random)],
  moment: [4, ({ page }, random) => askFor(page, random.below(RECENT_MS))],
  step: [4, ({ page }, random) => act(page, '.past-controls > button:not(.past-more)', random)],
  slide: [
    3,
    async ({ page }, random) => {
      if (!(await act(page, '[role="slider"]', random, 'focus'))) return false;
      return page.keyboard.press(oneOf(random, ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End']));
    },
  ],
  live: [4, ({ page }, random) => act(page, '.past-live, .past-close', random)],
};
