import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HOST_STATES, type Host, VM_STATES, type Vm } from '../../core/model.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { hostNamed } from '../support/entities.ts';
import { chip, choose, connection, emptied, HOSTS, live, open, painted, ubuntuArrived, ubuntuMoving, VMS, vmOn } from './page-fixture.ts';

describe('the board', () => {
  it('shows a migration from start to end, and every DOM update is a whole picture (D2, L1, T1)', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    await observeBoard(page, 'default/ubuntu');

    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'scheduling', to: null, requested: 'host-3' })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'))).toContain('asked for host-3');
    expect(await page.locator(chip('default/ubuntu', 'host-1', 'settled')).count()).toBe(0);

    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3' })] }));
    const leaving = await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'));
    for (const part of ['→ host-2', 'asked for host-3', 'copying memory', 'by hand']) expect(leaving).toContain(part);
    expect(await page.textContent(chip('default/ubuntu', 'host-2', 'arriving'))).toContain('← host-1');
    await page.waitForSelector('[data-trail="default/ubuntu"]', { state: 'attached' });

    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    expect(await page.locator(chip('default/ubuntu', 'host-2', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-vm="default/ubuntu"]').count()).toBe(1);
    expect(await page.locator('[data-trail]').count()).toBe(0);

    const { violations, drawn } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(new Set(drawn.map(({ state }) => state))).toEqual(new Set(['running']));
    expect(drawn.map(({ settled, leaving, arriving }) => [settled, leaving, arriving].map((hosts) => hosts.join()).join(' '))).toEqual([
      'host-1  ',
      ' host-1 ',
      ' host-1 host-2',
      'host-2  ',
    ]);
    expect(faults).toEqual([]);
  });

  it('holds together under many changes', async () => {
    const many = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 3) + 1}`));
    const { edge, page } = await open('/c/lab', {}, { vms: many });
    await live(page, edge);
    await observeBoard(page, 'default/vm-0');
    let cursor = '';
    for (let round = 0; round < 40; round++) {
      const moved = many.filter((_, index) => (index + round) % 4 === 0);
      const vms = moved.map((vm, index) => {
        const host = `host-${((index + round) % 3) + 1}`;
        const to = `host-${((index + round + 1) % 3) + 1}`;
        const transit = { id: `m-${index}`, stage: 'preparing', cause: 'drain', from: host, to, startedAt: Date.now() } as const;
        return { ...vm, host: index % 7 === 6 ? null : host, ...(index % 2 === 0 && { transit }) };
      });
      cursor = edge.change({ vms: [...vms, vmOn(`new-${round}`, 'host-1')], goneVms: [`default/new-${round - 3}`] });
      if (round % 3 === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
      // However many frames a slow page paints as one commit, these are commits of their own.
      if (round % 10 === 0) await painted(page, cursor);
    }
    await painted(page, cursor);
    const { violations, commits } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(commits).toBeGreaterThan(3);
    expect(await page.textContent('[data-count="moving"]')).toBe(String(await page.locator('[data-lane="leaving"] [data-vm]').count()));
  });

  it('is the same after a reload in the middle', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    const pictureOf = (): Promise<string[]> =>
      page.$$eval('[data-vm]', (chips) =>
        chips.map((item) =>
          [
            item.closest('[data-host]')?.getAttribute('data-host'),
            item.closest('[data-lane]')?.getAttribute('data-lane'),
            item.getAttribute('data-vm'),
          ].join(' '),
        ),
      );
    const before = await pictureOf();
    await page.reload();
    await live(page, edge);
    expect(await pictureOf()).toEqual(before);
  });

  it('marks a failed migration with its reason, and keeps it in the details', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const reason = 'target pod was evicted';
    const failed = vmOn('ubuntu', 'host-1', {
      lastMigration: { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now(), reason, tries: 2 },
    });
    await painted(page, edge.change({ vms: [failed] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(reason);
    await painted(
      page,
      edge.change({
        vms: [{ ...failed, lastMigration: { ...failed.lastMigration, endedAt: Date.now() - 60_000 } as NonNullable<Vm['lastMigration']> }],
      }),
    );
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).not.toContain(reason);

    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.keyboard.press('Enter');
    // It takes the focus, and with it the keys, a moment after it is there.
    const details = await page.waitForSelector('[role="dialog"]:focus');
    expect(await details.textContent()).toContain(reason);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role="dialog"]', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('leaves no VM out: on a host without a Node, or on none', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [vmOn('ghost', 'host-9')] }));
    expect(await page.locator(chip('default/ghost', 'host-9', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-lane="unplaced"] [data-vm="default/archive"]').count()).toBe(1);
    await painted(page, edge.change({ goneVms: ['default/ghost'] }));
    expect(await page.locator('[data-host="host-9"]').count()).toBe(0);
  });

  it('counts every VM in one state, the rarer states where there is one', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const stateCounts = (): Promise<[string, number][]> =>
      page.$$eval(
        '[data-count]',
        (numbers, known) =>
          numbers
            .map((number): [string, number] => [number.getAttribute('data-count') ?? '', Number(number.textContent)])
            .filter(([name]) => known.includes(name)),
        VM_STATES as readonly string[],
      );
    expect(await stateCounts()).toEqual([
      ['running', 4],
      ['off', 1],
    ]);
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2', { state: 'paused' }), vmOn('new', null, { state: 'starting' })] }));
    expect(await stateCounts()).toEqual([
      ['running', 3],
      ['off', 1],
      ['paused', 1],
      ['starting', 1],
    ]);
    expect(await page.textContent('[data-count="vms"]')).toBe('6');
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2')], goneVms: ['default/new'] }));
    expect((await stateCounts()).map(([name]) => name)).toEqual(['running', 'off']);
  });

  it('cuts no name, wherever its VM stands', async () => {
    const name = 'ubuntu-of-a-team-that-likes-its-names-to-say-everything-01';
    const { edge, page } = await open('/c/lab', { viewport: { width: 1280, height: 720 } });
    await live(page, edge);
    const staying = vmOn(name, 'host-1', { id: `staging/${name}`, namespace: 'staging' });
    const moving = { ...ubuntuMoving(), id: `staging/${name}-2`, namespace: 'staging', name: `${name}-2` };
    await painted(page, edge.change({ vms: [staying, moving] }));
    const cut = await page.$$eval('.chip-name, .host-head h2', (names) =>
      names.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
    expect(await page.locator('.chip-name', { hasText: name }).count()).toBe(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
  });

  it.each([1280, 1024])('nor do the tables in a window of %d px', async (width) => {
    const name = 'very-long-application-server-name-of-team-that-tells-everything';
    const [from, to] = ['host-of-the-second-rack-on-the-left-1', 'host-of-the-second-rack-on-the-left-2'];
    const { edge, page } = await open('/c/lab?view=table', { viewport: { width, height: 720 } });
    const namespace = 'a-namespace-of-a-team';
    const vms = [1, 2].map((index) => vmOn(`${name}-${index}`, from, { id: `${namespace}/${name}-${index}`, namespace }));
    const moving = {
      ...ubuntuMoving({ from: 'harvester-1', to: 'harvester-2' }),
      id: `${namespace}/${name}-3`,
      name: `${name}-3`,
      namespace,
      host: 'harvester-1',
    };
    const far = { ...moving, id: 'default/far', name: 'far', host: from, transit: { ...moving.transit, id: 'm-2', from, to } } as Vm;
    const end = {
      cause: 'drain',
      evidence: 'harvesterhci.io/drain-requested',
      startedAt: 1,
      endedAt: 2,
      recordedAt: 2,
      tries: 0,
      stages: [],
    };
    const finished = [1, 2].map((index) => ({
      ...end,
      id: `e-${index}`,
      vm: `${namespace}/${name}-${index}`,
      from: index === 1 ? from : 'host-1',
      to: index === 1 ? to : 'host-2',
      outcome: 'succeeded',
    }));
    edge.answers.set('/migrations', { body: { now: 3, running: [], finished, next: null, bucket: 60, buckets: [], silences: [] } });
    await painted(page, edge.change({ vms: [...vms, moving, far] }));
    for (const [picture, rows] of [
      ['table', 9],
      ['migrations', 4],
    ] as const) {
      if (picture === 'migrations') await page.click('.views a[href$="view=migrations"]');
      await page.waitForFunction(([one, count]) => document.querySelectorAll(`${one} .table-row`).length === count, [
        picture === 'table' ? '.vm-table' : '.moves-table',
        rows,
      ] as const);
      const names = page.locator(
        '.table-row :is(th, [data-column="namespace"], [data-column="host"], [data-column="way"]) :is(.cell-text, .chip-namespace)',
      );
      const seen = await names.evaluateAll((all) =>
        all.map((each) => {
          const { height, width: own } = each.getBoundingClientRect();
          const cell = each.closest('th, td')?.getBoundingClientRect();
          const isCut = each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1;
          return {
            text: each.textContent,
            isCut: isCut && getComputedStyle(each).display !== 'inline',
            isIn: !cell || (height <= cell.height && own <= cell.width),
          };
        }),
      );
      expect(seen.filter(({ isCut, isIn }) => isCut || !isIn)).toEqual([]);
      expect(seen.filter(({ text }) => text.includes(`${name}-`)).length).toBe(3);
      // A name that fits into a line is not broken, as `harvester-⏎1` would be.
      const broken = await page
        .locator('.table-row .whole', { hasText: /^(→ )?harvester-\d$/ })
        .evaluateAll((parts) => parts.map((part) => part.getClientRects().length > 1 || part.getBoundingClientRect().height > 26));
      expect(broken).toEqual([false, false]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  it('a chip keeps its element, and its focus, while others come and go around it', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await painted(page, edge.change({ vms: [vmOn('alpine', 'host-1'), vmOn('zorin', 'host-1')], goneVms: ['default/debian'] }));
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('the details of a VM that was gone show it again when it is back', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.click(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    await painted(page, edge.change({ goneVms: ['default/ubuntu'] }));
    await page.waitForSelector('[role="dialog"] .facts', { state: 'detached' });
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-3')] }));
    await page.waitForSelector('[role="dialog"] .facts');
    expect(await page.textContent('[role="dialog"]')).toContain('host-3');
  });

  it('shows text of clusters as text', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    const markup = '<img src=x onerror=alert(1)>';
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { displayName: markup, state: 'error', reason: markup })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(markup);
    expect(await page.locator('.board img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

const ubuntu = chip('default/ubuntu', 'host-1', 'settled');
const HOST_LIMIT = { reason: 'host-limit', host: 'host-1', used: 2, limit: 2 } as const;
const LOOP = { outcome: 'failed', cause: 'drain', from: 'host-1', to: 'host-2', tries: 5, loop: true } as const;

describe('what a VM waits for', () => {
  it('stands on the chip of one that is queued, and in its details', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const waitingFor = { reason: 'cluster-limit', used: 5, limit: 5, assumed: true, place: 3 } as const;
    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'queued', to: null, waitingFor, cause: 'drain', evidence: 'a=b' })] }));
    const reason = '5 of 5 slots of the cluster taken (limit assumed), about place 3 in line';
    expect(await page.textContent(`${ubuntu} [data-note="queued"]`)).toBe(`queued to move: ${reason}`);
    await page.getByRole('button', { name: `ubuntu running queued to move: ${reason}` }).click();
    await page.waitForSelector('[role="dialog"] .ladder');
    expect(await page.textContent('[role="dialog"]')).toContain(reason);
    expect(await page.textContent('[role="dialog"] .evidence')).toBe('a=b');
  });

  it('stands on the chip of one that is to leave and has no migration, and of one that cannot', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const stays = { migratable: { ok: false, reason: 'PCI device' } };
    const asked = vmOn('debian', 'host-1', {
      ...stays,
      evacuation: { from: 'host-1', waitingFor: { reason: 'not-migratable', detail: 'GPU' } },
    });
    const change = {
      hosts: [emptied('host-1', { here: 2, waiting: 1, stuck: 1, were: 2 }), emptied('host-2', { here: 1, stuck: 1, were: 1 })],
      vms: [
        vmOn('ubuntu', 'host-1', { evacuation: { from: 'host-1', waitingFor: HOST_LIMIT } }),
        asked,
        vmOn('suse', 'host-2', stays),
        vmOn('windows', 'host-3', stays),
      ],
    };
    await painted(page, edge.change(change));
    expect(await page.textContent(`${ubuntu} .note`)).toBe('to leave: 2 of 2 slots of its host taken');
    const stuck = page.locator('.note[data-note="stuck"]');
    expect(await stuck.allTextContents()).toEqual(['to leave: cannot be migrated: GPU', 'cannot be migrated: PCI device']);
    // It stays marked only as long as its host is being emptied.
    await painted(page, edge.change({ hosts: HOSTS }));
    expect(await stuck.allTextContents()).toEqual(['to leave: cannot be migrated: GPU']);
    await page.click(`${chip('default/debian', 'host-1', 'settled')} button`);
    expect(await page.textContent('[role="dialog"] .facts')).toContain('To leavehost-1Waitingcannot be migrated: GPU');
  });

  it('stands on the moving chip while no host takes it, at its source only', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const waitingFor = { reason: 'unschedulable', detail: '0/3 nodes' } as const;
    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'scheduling', to: null, waitingFor })] }));
    expect(await page.textContent(`${chip('default/ubuntu', 'host-1', 'leaving')} .note`)).toBe('no host takes it: 0/3 nodes');
    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'preparing', waitingFor: { reason: 'same-host' } })] }));
    expect(await page.locator(`${chip('default/ubuntu', 'host-2', 'arriving')} .note`).count()).toBe(0);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    expect(await page.locator('[data-vm] .note').count()).toBe(0);
  });
});

describe('a move that does not go well', () => {
  it('is not simply paused where KubeVirt holds the guest to finish it', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const held = { ...ubuntuMoving({ suspended: true }), state: 'paused', danger: ['not-converging'] } as const;
    await painted(page, edge.change({ vms: [held] }));
    const leaving = chip('default/ubuntu', 'host-1', 'leaving');
    expect(await page.textContent(`${leaving} .chip-stage`)).toBe('paused to finish the move · copying memory · by hand');
    expect(await page.textContent(chip('default/ubuntu', 'host-2', 'arriving'))).toContain('paused to finish the move');
    expect(await page.getAttribute(leaving, 'data-attention')).toBeNull();
    await page.click(`${leaving} button`);
    expect(await page.textContent('[role="dialog"] .drawer-head')).toContain('paused to finish the move');
    await painted(page, edge.change({ vms: [{ ...ubuntuMoving(), state: 'paused' }] }));
    expect(await page.textContent(`${leaving} .chip-stage`)).toBe('paused · copying memory · by hand');
  });

  it('needs a person where it fails again and again, at rest and while it is tried anew', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const failing = { lastMigration: { ...LOOP, endedAt: Date.now() - 600_000, reason: 'evicted' } };
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', failing)] }));
    expect(await page.textContent(`${ubuntu} .note`)).toBe('fails again and again (5 tries in a row): evicted');
    expect(await page.getAttribute(ubuntu, 'data-attention')).toBe('true');
    expect(await page.textContent('[data-count="attention"]')).toBe('1');
    // Red is for that alone: of what failed, or is down, the sum does not tell whether it needs anybody.
    await painted(page, edge.change({ hosts: [hostNamed('host-3', { state: 'off' })] }));
    const colours = await page.evaluate(() => {
      const colourOf = (element: Element | null): string => (element === null ? '' : getComputedStyle(element).color);
      const probe = document.body.appendChild(document.createElement('i'));
      const [red, amber] = ['--red', '--amber'].map((token) => {
        probe.style.color = `var(${token})`;
        return colourOf(probe);
      });
      probe.remove();
      const sums = ['attention', 'failed', 'down', 'vms'].map((kind) =>
        colourOf(document.querySelector(`.counts [data-kind="${kind}"] dd`)),
      );
      return sums.map((colour) => (colour === red ? 'red' : colour === amber ? 'amber' : 'plain'));
    });
    expect(colours).toEqual(['red', 'amber', 'amber', 'plain']);
    await painted(page, edge.change({ vms: [{ ...ubuntuMoving(), ...failing }] }));
    const leaving = chip('default/ubuntu', 'host-1', 'leaving');
    expect(await page.textContent(`${leaving} .note`)).toContain('fails again and again');
    expect(await page.getAttribute(leaving, 'data-attention')).toBe('true');
    expect(await page.textContent('[data-count="attention"]')).toBe('1');
  });

  it('says how often in a row it did not succeed', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const { loop: _loop, ...failed } = LOOP;
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { lastMigration: { ...failed, tries: 2, endedAt: null } })] }));
    expect(await page.textContent(`${ubuntu} .note`)).toBe('last move failed (2 in a row without success)');
    expect(await page.getAttribute(ubuntu, 'data-attention')).toBeNull();
  });
});

describe('the details of a VM', () => {
  const factsOf = (page: Page): Promise<Record<string, string>> =>
    page.$$eval('[role="dialog"] .facts > div', (rows) =>
      Object.fromEntries(rows.map((row) => [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? ''])),
    );

  it('tell the last move whole: cause and evidence, whom it was asked for, how long the guest stood still, and where it was', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const last = { outcome: 'succeeded', cause: 'drain', evidence: 'a=b', from: 'host-1', to: 'host-2', requested: 'host-3' } as const;
    const moved = (blackoutMs: number | undefined, until: number | null): Vm =>
      vmOn('ubuntu', 'host-2', {
        previous: { host: 'host-1', until },
        lastMigration: { ...last, endedAt: null, ...(blackoutMs !== undefined && { blackoutMs }) },
      });
    await painted(page, edge.change({ vms: [moved(1_234, Date.now())] }));
    await page.click(`${chip('default/ubuntu', 'host-2', 'settled')} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    const facts = await factsOf(page);
    expect(facts).toMatchObject({
      'Last move': 'succeeded, host-1 → host-2',
      Cause: 'draina=b',
      'Asked for': 'host-3',
      'Stood still': '1.2s',
    });
    expect(facts.Before).toMatch(/^on host-1 until \d\d:\d\d:\d\d$/);
    await painted(page, edge.change({ vms: [moved(undefined, null)] }));
    expect(await factsOf(page)).toMatchObject({ 'Stood still': 'not known', Before: 'on host-1, left while nobody was watching' });
  });

  it('tell the other side of a move to or from another cluster, and so do the chips', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const out = ubuntuMoving({ to: null, cause: 'cross-cluster', peer: { direction: 'out', pair: 'p-1', host: 'node-b' } });
    const transit = { ...ubuntuMoving().transit, from: null, to: 'host-1', peer: { direction: 'in' } } as NonNullable<Vm['transit']>;
    const incoming = vmOn('debian', 'host-1', { state: 'waiting-for-receiver', transit });
    await painted(page, edge.change({ vms: [out, incoming] }));
    expect(await page.textContent(`${chip('default/ubuntu', 'host-1', 'leaving')} .chip-way`)).toBe('→ another cluster (node-b)');
    const arriving = await page.textContent(chip('default/debian', 'host-1', 'settled'));
    for (const part of ['awaiting receiver · copying memory', '← another cluster']) expect(arriving).toContain(part);
    await page.click(`${chip('default/ubuntu', 'host-1', 'leaving')} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    expect(await factsOf(page)).toMatchObject({
      Moving: 'copying memory, host-1 → another cluster',
      'Other side': '→ another cluster (node-b)as p-1',
    });
  });
});

describe('a host that is being emptied', () => {
  const SAFE = emptied('host-2', { safe: true, because: 'empty', were: 12, since: Date.now() - 60_000 });
  const NOT_SAFE = emptied('host-1', { here: 24, moving: 2, waiting: 20, stuck: 2, were: 31 });
  /** Nobody is on the host that is empty. */
  const OTHERS = VMS.filter(({ host }) => host !== 'host-2');
  const safeOf = (page: Page, host: string): Promise<(string | null)[]> =>
    page.$$eval(`[data-host="${host}"] [data-safe]`, (answers) =>
      answers.flatMap((answer) => [answer.getAttribute('data-safe'), answer.textContent]),
    );

  it('says how far it has come, and whether it may be powered off (harvester#2539, #5339)', async () => {
    const { edge, page } = await open('/c/lab', {}, { vms: OTHERS });
    await live(page, edge);
    expect(await page.locator('[data-drain]').count()).toBe(0);
    await painted(page, edge.change({ hosts: [NOT_SAFE, SAFE] }));
    expect(await page.textContent('[data-host="host-1"] .drain-facts')).toBe(
      '7 of at least 31 gone · 2 moving · 20 waiting · 2 cannot move',
    );
    expect(await safeOf(page, 'host-1')).toEqual(['no', 'Safe to power off: no — 24 VMs are here']);
    expect(await page.getAttribute('[data-host="host-1"] .host-drain', 'data-drain')).toBe('vms-here');
    expect(await safeOf(page, 'host-2')).toEqual(['yes', 'Safe to power off: yes — no VM is here or on its way. Volumes are not checked']);
    expect(await page.textContent('[data-host="host-2"] .drain-facts')).toMatch(/^12 of 12 gone · since \d\d:\d\d:\d\d$/);
    const region = page.getByRole('region', { name: 'host-2' });
    expect(await region.getByText('Safe to power off').isVisible()).toBe(true);
    // A shape besides the colour, and each answer its own.
    const figureOf = (answer: string): Promise<string> =>
      page.$eval(`[data-safe="${answer}"] .shape`, (shape) => {
        const { clipPath, maskImage } = getComputedStyle(shape);
        return `${clipPath} ${maskImage}`;
      });
    expect(await figureOf('yes')).not.toBe(await figureOf('no'));
    await painted(page, edge.change({ hosts: HOSTS }));
    expect(await page.locator('[data-drain]').count()).toBe(0);
  });

  it('says of one that is off just that', async () => {
    const { edge, page } = await open(
      '/c/lab',
      {},
      { hosts: [{ ...emptied('host-1', { safe: true, because: 'off' }), state: 'off' }], vms: [] },
    );
    await live(page, edge);
    expect(await safeOf(page, 'host-1')).toEqual(['yes', 'It is off']);
  });

  it('answers only from a live picture: what was no keeps its reason, what was yes is not known any more', async () => {
    const { edge, page } = await open('/c/lab', {}, { hosts: [NOT_SAFE, SAFE], vms: OTHERS });
    await live(page, edge);
    await page.waitForSelector('[data-safe="yes"]');
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    const [state, text] = await safeOf(page, 'host-2');
    expect(state).toBe('unknown');
    expect(text).toMatch(/^Safe to power off: not known now — last picture \d\d:\d\d:\d\d$/);
    expect((await safeOf(page, 'host-1'))[1]).toMatch(
      /^Safe to power off: not known now; at the last picture, \d\d:\d\d:\d\d: no — 24 VMs are here$/,
    );
    expect(await page.locator('[data-safe="yes"], [data-safe="no"]').count()).toBe(0);
    edge.refuse(null);
    await connection(page, 'live');
    expect((await safeOf(page, 'host-2'))[0]).toBe('yes');
    edge.renew();
    edge.ageBy(120_000);
    edge.dropStreams();
    await connection(page, 'stale');
    expect((await safeOf(page, 'host-2'))[0]).toBe('unknown');
  });

  it('marks at once what needs a person; whether it may be powered off has a place until it comes', async () => {
    const { edge, page, faults } = await open(
      '/c/lab',
      {},
      { hosts: [NOT_SAFE, SAFE], vms: [vmOn('ubuntu', 'host-1', { state: 'paused', reason: 'PausedIOError', danger: ['io-error'] })] },
    );
    await live(page, edge);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/late-parts-*.js', async (route) => {
      await released;
      await route.continue();
    });
    await page.reload();
    await connection(page, 'live');
    await painted(page, edge.state.cursor);
    expect(await page.locator('[data-drain]').allTextContents()).toEqual(['', '']);
    expect(await page.getAttribute(ubuntu, 'data-attention')).toBe('true');
    release();
    await page.waitForSelector('.drain-facts');
    expect(await page.locator('.note').allTextContents()).toEqual(['paused by an I/O error', 'PausedIOError']);
    expect(faults).toEqual([]);
  });

  it('speaks Chinese', async () => {
    const vms = [
      vmOn('ubuntu', 'host-1', { evacuation: { from: 'host-1', waitingFor: HOST_LIMIT } }),
      vmOn('debian', 'host-1', { lastMigration: { ...LOOP, endedAt: null } }),
      { ...ubuntuMoving({ suspended: true, to: 'host-3' }), id: 'default/suse', name: 'suse', state: 'paused' } as const,
    ];
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' }, { hosts: [NOT_SAFE, SAFE], vms });
    await live(page, edge);
    expect(await safeOf(page, 'host-1')).toEqual(['no', '可否安全断电：不可以 — 还有 24 台虚拟机在此']);
    expect(await safeOf(page, 'host-2')).toEqual(['yes', '可否安全断电：可以 — 没有虚拟机在此，也没有正在迁入。未检查存储卷']);
    expect(await page.textContent('[data-host="host-1"] .drain-facts')).toBe(
      '至少 31 台中 7 台已离开 · 2 台迁移中 · 20 台等待中 · 2 台无法迁移',
    );
    expect(await page.textContent(`${ubuntu} .note`)).toBe('需迁出：从其主机迁出的名额已用 2/2');
    expect(await page.textContent(`${chip('default/debian', 'host-1', 'settled')} .note`)).toBe('反复失败（已连续 5 次）');
    expect(await page.textContent(chip('default/suse', 'host-1', 'leaving'))).toContain('已暂停，以便完成迁移');
    await choose(page, '语言', 'en');
    await page.waitForSelector('html[lang="en"]');
    expect((await safeOf(page, 'host-1'))[1]).toBe('Safe to power off: no — 24 VMs are here');
  });

  it('has a shape and a word for every state', async () => {
    const hosts = HOST_STATES.map((state): Host => ({ name: state, state, reasons: [], roles: [] }));
    const { edge, page } = await open('/c/lab', {}, { hosts, vms: [] });
    await live(page, edge);
    const words = await page.locator('.host-state').allTextContents();
    expect(words).not.toContain('');
    expect(new Set(words).size).toBe(HOST_STATES.length);
    const colours = await page.$$eval('.host-state .shape', (shapes) => shapes.map((shape) => getComputedStyle(shape).backgroundColor));
    expect(colours).toHaveLength(HOST_STATES.length);
    // Only what needs a person is red.
    const red = await page.$eval('[data-host="unavailable"] .shape', (shape) => getComputedStyle(shape).backgroundColor);
    expect(colours.filter((colour) => colour === red)).toHaveLength(1);
    // Perhaps on purpose, and below the fold: the sum stands out, not as an alarm.
    const sum = (): Promise<string> => page.$eval('[data-count="hosts-up"]', (count) => getComputedStyle(count).color);
    const withDown = await sum();
    expect(withDown).not.toBe(red);
    await painted(page, edge.change({ hosts: hosts.map((host) => ({ ...host, state: 'active' as const })) }));
    expect(await sum(), 'all are up').not.toBe(withDown);
  });
});
