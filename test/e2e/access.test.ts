/** Signing in, share links and the digest (D6), in a browser, at the real edge that asks for a token. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Snapshot } from '../../core/downlink.ts';
import type { Vm } from '../../core/model.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { ADMIN_TOKEN, eventually } from '../support/stack.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';

const VIEWER_TOKEN = 'viewer-token-for-the-browser';
const VM_COUNT = 6;

let browser: Browser;
let lab: Lab;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [browser, lab] = await Promise.all([
    launchWatchedBrowser(),
    startLab({ hosts: 3, vms: VM_COUNT }, { VIEWER_ACCESS: 'token', VIEWER_TOKEN }),
  ]);
  const registered = await administer('POST', '/api/v1/clusters', { cluster: 'other' });
  expect(registered.status).toBe(201);
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

const administer = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(lab.edge.url + path, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

async function share(clusters: readonly string[]): Promise<{ id: string; url: string }> {
  const made = await administer('POST', '/api/v1/shares', { clusters, expiresInSeconds: 3_600 });
  expect(made.status).toBe(201);
  return (await made.json()) as { id: string; url: string };
}

/** `faults`: what a page must never do: throw, or run against its Content-Security-Policy. */
async function open(
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // That an answer was 401 is what these tests are about, and Chromium writes it there.
    if (message.type() === 'error' && !message.text().includes('status of 401')) faults.push(message.text());
  });
  await page.goto(new URL(address, lab.edge.url).href);
  return { page, context, faults };
}

const form = (page: Page) => page.getByRole('form', { name: 'Sign in' });
const field = (page: Page) => form(page).getByLabel('Token');
const live = (page: Page) => page.waitForSelector('.badge[data-connection="live"]');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

async function signIn(page: Page, token = VIEWER_TOKEN): Promise<void> {
  await field(page).fill(token);
  await page.keyboard.press('Enter');
}

/** A page that is loaded anew forgets it. */
const mark = (page: Page) => page.evaluate(() => Object.assign(globalThis, { isMarked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in globalThis);

describe('signing in', () => {
  it('asks for a token, says what is wrong with one, and goes on to where the visitor wanted to go', async () => {
    const { page, context, faults } = await open('/c/lab');
    await form(page).waitFor();
    await mark(page);
    expect(await page.locator('[data-vm]').count()).toBe(0);
    expect(await focused(page)).toBe('sign-in-token');
    expect(await field(page).getAttribute('type')).toBe('password');
    const button = form(page).getByRole('button', { name: 'Sign in' });
    const box = await button.boundingBox();

    await page.keyboard.press('Enter');
    await form(page).getByRole('alert').getByText('Enter the token first.').waitFor();
    await signIn(page, 'not-the-token-of-this-edge');
    await form(page).getByRole('alert').getByText('This token is not accepted.').waitFor();
    expect(await field(page).getAttribute('aria-invalid')).toBe('true');
    expect(await focused(page)).toBe('sign-in-token');
    expect(await button.boundingBox(), 'what is said moves nothing').toEqual(box);

    await signIn(page);
    await live(page);
    // The forwarder can have spoken, and not yet have told what there is.
    await expect.poll(() => page.locator('[data-vm]').count()).toBe(VM_COUNT);
    expect(await isMarked(page)).toBe(true);
    expect(page.url()).toBe(`${lab.edge.url}/c/lab`);
    expect((await context.cookies()).map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(faults).toEqual([]);
  });

  it('lets another tab of the same browser in too; signing out shows nothing any more', async () => {
    const { page, context, faults } = await open('/');
    await form(page).waitFor();
    const second = await context.newPage();
    await second.goto(`${lab.edge.url}/c/lab`);
    await form(second).waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'Clusters' }).waitFor();
    await live(second);

    await second.getByRole('button', { name: 'Settings' }).click();
    await second.getByRole('button', { name: 'Sign out' }).click();
    await form(second).waitFor();
    expect(await second.locator('[data-vm]').count()).toBe(0);
    expect(await second.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    expect(await context.cookies()).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('reads Chinese, in the dark, on a phone: targets of 44 px, nothing sideways', async () => {
    const { page } = await open('/c/lab', { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 640 } });
    const chinese = page.getByRole('form', { name: '登录' });
    await chinese.getByLabel('访问令牌').fill('not-the-token-of-this-edge');
    await chinese.getByRole('button', { name: '登录' }).click();
    await chinese.getByRole('alert').getByText('该令牌未被接受。').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const heights = await page.$$eval('form input:not([hidden]), form button', (targets) =>
      targets.map((target) => target.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  });
});

describe('a share link', () => {
  it('lets in without a form, leaves nothing of itself in the address, and shows its clusters only', async () => {
    const { url } = await share(['lab']);
    expect(url).toContain('#share=');
    const { page, faults } = await open(url);
    await live(page);
    expect(page.url()).toBe(`${lab.edge.url}/c/lab`);
    expect(await page.evaluate(() => history.length)).toBe(2);
    await page.goto(`${lab.edge.url}/c/other`);
    await page.getByRole('heading', { name: 'No cluster of this name' }).waitFor();
    expect(faults.filter((text) => !text.includes('status of 404'))).toEqual([]);
  });

  it('that was not heard is kept for another try, in the form and for a reload', async () => {
    const { url } = await share(['lab']);
    const { page } = await open('about:blank');
    await page.route('**/api/v1/login', (route) => route.fulfill({ status: 429, headers: { 'retry-after': '7' } }), { times: 1 });
    await page.goto(url);
    await form(page).getByRole('alert').getByText('Too many attempts. Try again in 7 s.').waitFor();
    expect(page.url()).toBe(url);
    await form(page).getByRole('button', { name: 'Sign in' }).click();
    await live(page);
    expect(page.url()).toBe(`${lab.edge.url}/c/lab`);
  });

  it('that is entered on an open page is taken too', async () => {
    const { url } = await share(['lab']);
    const { page } = await open('/clusters/lab');
    await form(page).waitFor();
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, new URL(url).hash);
    await live(page);
    expect(page.url()).toBe(`${lab.edge.url}/c/lab`);
  });

  it('revoked while somebody looks: the picture greys and stays, the form is there, and a token goes on from there', async () => {
    const { id, url } = await share(['lab']);
    const { page, faults } = await open(url);
    await live(page);
    await mark(page);
    expect((await administer('DELETE', `/api/v1/shares/${id}`)).status).toBe(204);
    // A machine that slept does not trust its stream, and asks for it anew.
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 3_600_000;
    });
    await form(page).waitFor();
    expect(await page.textContent('.badge')).toBe('Signed out');
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('refused');
    expect(await page.locator('[data-vm]').count()).toBe(VM_COUNT);
    await page.waitForFunction(() => getComputedStyle(document.querySelector('.hosts') ?? document.body).filter === 'grayscale(1)');
    expect(await page.$eval('.counts', (counts) => getComputedStyle(counts).filter), 'what is counted is as old').toBe('grayscale(1)');
    await form(page).getByText('You are signed out, so the picture stands still.').waitFor();

    await signIn(page);
    await live(page);
    expect(await form(page).count()).toBe(0);
    expect(await isMarked(page)).toBe(true);
    expect(faults).toEqual([]);

    const again = await open(url);
    await form(again.page).getByRole('alert').getByText('This link is over or was revoked.').waitFor();
    expect(again.page.url()).toBe(`${lab.edge.url}/c/lab`);
  });

  it('of several clusters, revoked while somebody looks at their list: it stays, is of then, and goes on after signing in', async () => {
    const { id, url } = await share(['lab', 'other']);
    const { page, faults } = await open(url);
    await page.waitForSelector('[data-cluster="lab"][data-freshness="live"]');
    await page.getByText('Partial view').waitFor();
    await mark(page);
    expect((await administer('DELETE', `/api/v1/shares/${id}`)).status).toBe(204);
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 3_600_000;
    });
    await form(page).getByText('You are signed out, so the picture stands still.').waitFor();
    await page.waitForFunction(() => document.title === '(not connected) Hostview');
    expect(await page.textContent('.bar .badge')).toBe('Signed out');
    const badges = await page.$$eval('.cluster-card .badge', (all) => all.map((one) => one.textContent));
    expect(badges, 'nobody knows whether the first one still is').toEqual([expect.stringMatching(/^live at \d/), 'waiting']);
    await page.getByText(/^This is how it was at \d/).waitFor();
    expect(await page.$eval('.cluster-head', (one) => getComputedStyle(one).filter)).toBe('grayscale(1)');

    await signIn(page);
    await live(page);
    await page.waitForSelector('[data-cluster="lab"] .badge[data-connection="live"]');
    expect(await form(page).count()).toBe(0);
    expect(await page.getByText(/Partial view|This is how it was/).count()).toBe(0);
    expect(await isMarked(page)).toBe(true);
    expect(faults).toEqual([]);
  });
});

describe('the digest (D6)', () => {
  it('a picture that arrived as another is found, reported and fetched anew', async () => {
    const { page } = await open('/');
    await signIn(page);
    await page.getByRole('heading', { name: 'Clusters' }).waitFor();
    const reports: (string | null)[] = [];
    const tampered: Snapshot[] = [];
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.route('**/api/v1/clusters/lab', async (route) => {
      reports.push((await route.request().headerValue('x-hostview-drift')) ?? null);
      const response = await route.fetch();
      if (reports.length > 1) return route.fulfill({ response });
      const snapshot = (await response.json()) as Snapshot;
      const [first, ...others] = snapshot.vms;
      const wrong: Snapshot = { ...snapshot, vms: [{ ...(first as Vm), host: null, state: 'off' }, ...others] };
      tampered.push(wrong);
      return route.fulfill({ response, json: wrong });
    });
    await page.getByRole('link', { name: /lab/ }).click();
    await eventually(
      () => reports.length,
      (asked) => asked === 2,
      'the picture is fetched anew',
    );
    await live(page);
    const [wrong] = tampered;
    if (wrong === undefined) throw new Error('nothing was tampered with');
    expect(reports).toEqual([null, `${wrong.cursor} ${formatDigest(digestOf(wrong.hosts, wrong.vms))}`]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(wrong.digest);
    await page.waitForFunction(() => document.querySelector('[data-count="off"]')?.textContent === '0');
  });
});
