import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { VM_STATES, type Vm } from '../../core/model.ts';
import { arbitraryVm } from '../support/arbitraries.ts';
import { eventually } from '../support/stack.ts';
import { choose, HOSTS, open, painted, vmOn } from './page-fixture.ts';

const NAMES = Array.from({ length: 12 }, (_, index) => `vm-${index}`);

/** Most changes are of the state alone, some of whatever there is; all hosts have a card. */
const arbitraryChange = fc.record({
  kind: fc.constantFrom('state', 'state', 'state', 'plain', 'any'),
  any: arbitraryVm,
  displayName: fc.option(fc.constantFrom('Web server', 'db'), { freq: 3 }),
  outcome: fc.option(fc.constantFrom('succeeded', 'failed', 'aborted')),
  state: fc.constantFrom(...VM_STATES),
  host: fc.option(fc.constantFrom('host-1', 'host-2', 'host-3'), { freq: 4 }),
});
type Change = typeof arbitraryChange extends fc.Arbitrary<infer Each> ? Each : never;

function nextVm(before: Vm, { kind, any, displayName, outcome, state, host }: Change): Vm {
  if (kind === 'state') return { ...before, state };
  const { id, namespace, name } = before;
  if (kind === 'plain') return vmOn(name, host, { state });
  const { transit } = any;
  return {
    ...any,
    id,
    namespace,
    name,
    host,
    ...(displayName !== null && { displayName }),
    ...(outcome !== null && { lastMigration: { outcome, cause: 'user', from: 'host-1', to: 'host-2', endedAt: 1 } }),
    ...(transit !== undefined && { transit: { ...transit, from: host, to: transit.to === null ? null : 'host-2' } }),
  };
}

const ROUNDS = fc.sample(fc.array(arbitraryChange, { minLength: NAMES.length, maxLength: NAMES.length }), { seed: 6, numRuns: 24 });
const LOOKED_AT = [7, 15, 23];
const SPOKEN_SINCE = 15;

/** Each chip as it is, without what is marked on it for a moment and without the time. */
const drawn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.board .chip[data-vm]:not(.flyer)')].map((chip) => {
      const copy = chip.cloneNode(true) as HTMLElement;
      for (const name of ['data-lit', 'data-moved-from', 'style']) copy.removeAttribute(name);
      for (const element of copy.querySelectorAll('.elapsed')) element.textContent = '';
      for (const element of copy.querySelectorAll('[tabindex]')) element.removeAttribute('tabindex');
      const attributes = copy.getAttributeNames().sort();
      const shown = attributes.map((name) => `${name}=${copy.getAttribute(name)}`).join(' ');
      return `${chip.closest('[data-host]')?.getAttribute('data-host')} ${chip.closest('[data-lane]')?.getAttribute('data-lane')} ${shown} ${copy.innerHTML}`;
    }),
  );

it.each(['/c/lab', '/c/lab?group=namespace'])(
  '%s: a chip that has changed is as one that is drawn now, in the other language too',
  async (path) => {
    let vms = NAMES.map((name) => vmOn(name, 'host-1'));
    const { edge, page, faults } = await open(path, {}, { vms });
    const fresh = await page.context().newPage();
    await page.waitForSelector('.toolbar button');
    for (const [round, changes] of ROUNDS.entries()) {
      vms = vms.map((vm, index) => nextVm(vm, changes[index] as Change));
      await painted(page, edge.change({ vms }));
      if (!LOOKED_AT.includes(round)) continue;
      if (round === SPOKEN_SINCE) {
        await choose(page, 'Language', 'zh-Hans');
        // It is kept, and so spoken by the other page too, once its words have come.
        await page.waitForSelector('html[lang="zh-Hans"]');
      } else await painted(page, edge.change({ hosts: HOSTS.map((host) => ({ ...host, displayName: `Rack ${round} ${host.name}` })) }));
      await fresh.goto(edge.url + path);
      await painted(fresh, edge.state.cursor);
      await eventually(
        async () => ({ changed: await drawn(page), fresh: await drawn(fresh) }),
        ({ changed, fresh }) => changed.length >= NAMES.length && changed.join('\n') === fresh.join('\n'),
        'the same chips',
      );
    }
    expect(faults).toEqual([]);
  },
);

it('where what there is to say of a VM cannot be rendered, all else is as it should be, and the page says so', async () => {
  const { edge, page, faults } = await open('/c/lab', {}, { vms: NAMES.map((name) => vmOn(name, 'host-1')) });
  await page.waitForSelector('.toolbar button');
  const unspeakable = { state: 'paused', reason: 7 as unknown as string } as const;
  const vms = NAMES.map((name, index) => vmOn(name, index % 2 ? 'host-1' : 'host-2', index === 4 ? unspeakable : { state: 'paused' }));
  await painted(page, edge.change({ vms }));
  await painted(page, edge.change({ vms: vms.map((vm, index) => (index === 4 ? vm : { ...vm, state: 'running' })) }));
  const shown = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.board .chip[data-vm]:not(.flyer)')].map(
      ({ dataset, textContent }) => `${dataset.vm} ${dataset.state} ${textContent.includes('running')}`,
    ),
  );
  expect(shown.sort()).toEqual(vms.map(({ id }, index) => `${id} ${index === 4 ? 'paused false' : 'running true'}`).sort());
  expect(await page.locator('.status [role="alert"]').count()).toBe(1);
  expect(faults).not.toEqual([]);
});
