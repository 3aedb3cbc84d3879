/**
 * The page that Hostview's is measured beside: it does no more than mount and patch the same elements, by hand and without a framework.
 * It clones elements that were taken from Hostview's page, gets the same snapshot and the same frames, keeps the same counts, and paints
 * once per animation frame. It sorts nothing, moves nothing visibly, draws no trail, and asks for nothing twice.
 */
import type { Frame, Snapshot } from '../core/downlink.ts';
import type { Vm } from '../core/model.ts';

/** HTML of Hostview's page, without what is in the lists. */
export interface BareParts {
  /** The whole of `#app`, the board without its cards. */
  readonly shell: string;
  readonly card: string;
  readonly chip: string;
  readonly leaving: string;
  readonly arriving: string;
  readonly details: string;
}

export function barePage({ shell, ...templates }: BareParts, stylesheet: string): string {
  const held = Object.entries(templates).map(([name, html]) => `<template id="template-${name}">${html}</template>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<title>bare</title><link rel="icon" href="/favicon.svg" /><link rel="stylesheet" href="${stylesheet}" /><script type="module" src="/bare.js"></script></head>
<body>${shell}${held.join('')}</body></html>`;
}

export const bareScript = (): string => `(${runBarePage.toString()})();`;

/** Takes the templates from Hostview's page. Runs in it, so it refers to nothing outside itself. */
export function takeParts(): BareParts {
  const outside = (selector: string): Element => {
    const element = document.querySelector(selector)?.cloneNode(true);
    if (!(element instanceof Element)) throw new Error(`Hostview's page has no ${selector}`);
    for (const list of element.querySelectorAll('.chips')) list.replaceChildren();
    return element;
  };
  const shell = outside('#app');
  for (const extra of shell.querySelectorAll('.unplaced, [role="dialog"], svg.trails')) extra.remove();
  for (const card of shell.querySelectorAll('.hosts > [data-host]')) card.remove();
  return {
    shell: shell.outerHTML,
    card: outside('[data-host]').outerHTML,
    chip: outside('[data-lane="settled"] .chip:has(.chip-namespace)').outerHTML,
    leaving: outside('[data-lane="leaving"] .chip').outerHTML,
    arriving: outside('[data-lane="arriving"] .chip').outerHTML,
    details: outside('[role="dialog"]').outerHTML,
  };
}

/** Runs in the bare page, so it refers to nothing outside itself. */
function runBarePage(): void {
  const templateOf = (name: string): Element => {
    const element = document.querySelector<HTMLTemplateElement>(`#template-${name}`)?.content.firstElementChild;
    if (element == null) throw new Error(`there is no template ${name}`);
    return element;
  };
  const templates = {
    card: templateOf('card'),
    chip: templateOf('chip'),
    leaving: templateOf('leaving'),
    arriving: templateOf('arriving'),
  };
  const copy = (template: Element): Element => template.cloneNode(true) as Element;
  const say = (element: Node | null, text: string): void => {
    const last = element?.lastChild ?? null;
    if (last instanceof Text) last.data = text;
    else if (last !== null) say(last, text);
  };
  interface Card {
    readonly lists: Readonly<Record<'settled' | 'leaving' | 'arriving', Element>>;
    readonly fact: Element | null;
    count: number;
  }
  interface Drawn {
    vm: Vm;
    chips: Element[];
  }
  const cards = new Map<string, Card>();
  const drawn = new Map<string, Drawn>();
  const counts: Record<string, number> = { vms: 0, moving: 0, running: 0 };
  const countElements = new Map<string, Element>();
  for (const element of document.querySelectorAll('[data-count]')) countElements.set(element.getAttribute('data-count') ?? '', element);

  const drawCard = (name: string): Element => {
    const card = copy(templates.card);
    card.setAttribute('data-host', name);
    card.setAttribute('aria-labelledby', `host/${name}`);
    const title = card.querySelector('h2');
    title?.setAttribute('id', `host/${name}`);
    title?.setAttribute('title', name);
    say(title, name);
    const list = (lane: string): Element => card.querySelector(`[data-lane="${lane}"] .chips`) ?? card;
    const lists = { settled: list('settled'), leaving: list('leaving'), arriving: list('arriving') };
    cards.set(name, { lists, fact: card.querySelector('.host-facts > span'), count: 0 });
    return card;
  };
  const drawChip = (template: Element, vm: Vm, id: string): Element => {
    const chip = copy(template);
    chip.setAttribute('id', id);
    chip.setAttribute('data-vm', vm.id);
    const name = chip.querySelector('.chip-name');
    name?.setAttribute('title', vm.id);
    if (vm.namespace === 'default') name?.firstElementChild?.remove();
    else say(name?.querySelector('.chip-namespace') ?? null, `${vm.namespace}/`);
    say(name, vm.name);
    patchState(chip, vm);
    return chip;
  };
  const patchState = (chip: Element, { state }: Vm): void => {
    chip.setAttribute('data-state', state);
    chip.querySelector('.shape')?.setAttribute('data-shape', state);
    say(chip.querySelector('.chip-word'), state);
  };
  const isMoving = ({ transit }: Vm): boolean => transit !== undefined;
  const tally = (vm: Vm, by: 1 | -1): void => {
    counts.vms = (counts.vms ?? 0) + by;
    counts[vm.state] = (counts[vm.state] ?? 0) + by;
    if (isMoving(vm)) counts.moving = (counts.moving ?? 0) + by;
    const card = cards.get(vm.host ?? '');
    if (card !== undefined) card.count += by;
  };
  const draw = (vm: Vm): Drawn => {
    tally(vm, 1);
    const lists = cards.get(vm.host ?? '')?.lists;
    const chips = isMoving(vm)
      ? [drawChip(templates.leaving, vm, `vm/${vm.id}`), drawChip(templates.arriving, vm, `arriving/${vm.id}`)]
      : [drawChip(templates.chip, vm, `vm/${vm.id}`)];
    const [home, twin] = chips;
    if (home !== undefined) lists?.[isMoving(vm) ? 'leaving' : 'settled'].append(home);
    if (twin !== undefined) cards.get(vm.transit?.to ?? '')?.lists.arriving.append(twin);
    return { vm, chips };
  };
  const replace = (vm: Vm): void => {
    const before = drawn.get(vm.id);
    if (before === undefined || before.vm.host !== vm.host || isMoving(before.vm) !== isMoving(vm)) {
      if (before !== undefined) tally(before.vm, -1);
      for (const chip of before?.chips ?? []) chip.remove();
      drawn.set(vm.id, draw(vm));
      return;
    }
    tally(before.vm, -1);
    tally(vm, 1);
    before.vm = vm;
    for (const chip of before.chips) patchState(chip, vm);
  };
  const tell = (cursor: string | null): void => {
    for (const [name, element] of countElements) say(element, String(counts[name] ?? 0));
    for (const { fact, count } of cards.values()) say(fact, `${count} VMs`);
    document.documentElement.dataset.cursor = cursor ?? '';
  };

  let waiting: Frame[] = [];
  const paint = (): void => {
    for (const frame of waiting) for (const vm of frame.vms ?? []) replace(vm);
    const cursor = waiting.at(-1)?.to ?? null;
    waiting = [];
    tell(cursor);
  };
  const start = async (): Promise<void> => {
    const response = await fetch('/api/v1/clusters/lab');
    const snapshot = JSON.parse(await response.text()) as Snapshot;
    requestAnimationFrame(() => {
      const board = document.querySelector('.hosts');
      board?.prepend(...snapshot.hosts.map(({ name }) => drawCard(name)));
      for (const vm of snapshot.vms) drawn.set(vm.id, draw(vm));
      tell(snapshot.cursor);
    });
    const stream = new EventSource(`/api/v1/clusters/lab/stream?cursor=${encodeURIComponent(snapshot.cursor ?? '')}`);
    stream.addEventListener('frame', (event: MessageEvent<string>) => {
      if (waiting.length === 0) requestAnimationFrame(paint);
      waiting.push(JSON.parse(event.data) as Frame);
    });
  };
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element) || target.closest('.chip') === null) return;
    document.querySelector('[role="dialog"]')?.remove();
    document.body.append(copy(templateOf('details')));
  });
  void start();
}
