import { describe, expect, it } from 'vitest';
import {
  ASK_INTERVAL_MS,
  addReload,
  isAskDue,
  isReloadDue,
  isReloadMoment,
  parseReloads,
  RECONNECT_ASK_INTERVAL_MS,
  RELOAD_PATIENCE_MS,
  RELOAD_SPREAD_MS,
  type Reload,
  versionIn,
} from '../../../web/settings/version.ts';

const html = (script: string, style: string): string => `<!doctype html>
<html lang="en">
  <head>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <script type="module" blocking="render" crossorigin src="${script}"></script>
    <link rel="stylesheet" crossorigin href="${style}">
  </head>
  <body><div id="app"></div></body>
</html>`;

describe('the version of a page', () => {
  it('is what its files are called', () => {
    const one = versionIn(html('/assets/page-a.js', '/assets/index-a.css'));
    expect(one).toBe('/assets/page-a.js /assets/index-a.css');
    expect(versionIn(html('/assets/page-b.js', '/assets/index-a.css'))).not.toBe(one);
    expect(versionIn(html('/assets/page-a.js', '/assets/index-b.css'))).not.toBe(one);
  });

  it('is the same of the document that it became, with what came late', () => {
    const document = `<div id="app"><link rel="icon" href="/assets/alarm.svg" type="image/svg+xml">
<script type="module" blocking="render" crossorigin="" src="/assets/page-a.js"></script>
<link rel="stylesheet" crossorigin="" href="/assets/index-a.css"><link rel="stylesheet" href="/assets/late-a.css">`;
    expect(versionIn(document)).toBe(versionIn(html('/assets/page-a.js', '/assets/index-a.css')));
  });

  it("is not known of somebody else's page: what guards a site can answer in its place", () => {
    const login = html('/assets/login.js', '/assets/login.css').replace('id="app"', 'id="root"');
    expect(versionIn(login)).toBeNull();
  });

  it.each(['', '<html><body>Sign in</body></html>', '<div id="app"></div>', '{"status":503}', `<div id="app"><script type="module">`])(
    'is not known of %j',
    (text) => {
      expect(versionIn(text)).toBeNull();
    },
  );
});

describe('asking for it', () => {
  it.each<[number | null, boolean, number, boolean]>([
    [null, false, 0, true],
    [0, false, ASK_INTERVAL_MS - 1, false],
    [0, false, ASK_INTERVAL_MS, true],
    [0, true, RECONNECT_ASK_INTERVAL_MS - 1, false],
    [0, true, RECONNECT_ASK_INTERVAL_MS, true],
  ])('asked at %j, reconnected %j, at %d: %j', (askedAt, isReconnect, now, isDue) => {
    expect(isAskDue(askedAt, isReconnect, now)).toBe(isDue);
  });
});

describe('loading it', () => {
  const minutes = (count: number): number => count * 60_000;

  it('once, and where that did not help later and later', () => {
    let reloads: readonly Reload[] = [];
    const at: number[] = [];
    for (let now = 0; now < minutes(7 * 24 * 60); now += minutes(1)) {
      if (!isReloadDue(reloads, 'b', now)) continue;
      reloads = addReload(reloads, 'b', now);
      at.push(now / minutes(1));
    }
    expect(at.slice(0, 6)).toEqual([0, 10, 30, 70, 150, 310]);
    expect(at.length).toBeLessThan(16);
  });

  it('where two versions take turns, seldom too', () => {
    let reloads: readonly Reload[] = [];
    let count = 0;
    for (let now = 0; now < minutes(24 * 60); now += minutes(1)) {
      const other = count % 2 === 0 ? 'b' : 'a';
      if (!isReloadDue(reloads, other, now)) continue;
      reloads = addReload(reloads, other, now);
      count += 1;
    }
    expect(count).toBeLessThan(20);
  });

  it('a clock that was set back does not stop it for good', () => {
    const reloads = addReload([], 'b', minutes(1_000));
    expect(isReloadDue(reloads, 'b', minutes(1_001))).toBe(false);
    expect(isReloadDue(reloads, 'b', 0)).toBe(true);
  });

  it('remembers a few versions', () => {
    const many = Array.from({ length: 20 }, (_, index) => `v${index}`).reduce<Reload[]>((all, name) => addReload(all, name, 0), []);
    expect(many.map(({ version }) => version)).toEqual(['v12', 'v13', 'v14', 'v15', 'v16', 'v17', 'v18', 'v19']);
    expect(parseReloads(JSON.stringify(many))).toEqual(many);
  });

  it.each([null, '', '{', '{}', '[1]', '[null]', '[{"version":"a","count":0,"at":1}]', '[{"version":"a","count":1,"at":null}]', '"x"'])(
    'what was kept as %j makes no sense',
    (kept) => {
      expect(parseReloads(kept)).toEqual([]);
    },
  );

  it.each([
    [{ moving: 0, knownForMs: 0, random: 0 }, true],
    [{ moving: 0, knownForMs: RELOAD_SPREAD_MS / 2 - 1, random: 0.5 }, false],
    [{ moving: 0, knownForMs: RELOAD_SPREAD_MS / 2, random: 0.5 }, true],
    [{ moving: 1, knownForMs: RELOAD_PATIENCE_MS - 1, random: 0 }, false],
    [{ moving: 1, knownForMs: RELOAD_PATIENCE_MS, random: 0 }, true],
  ])('%j: %j', (moment, isGood) => {
    expect(isReloadMoment(moment)).toBe(isGood);
  });
});
