import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf, capacityOf, shareOfAllocatable } from '../../../web/details/capacity.ts';
import { capacityText } from '../../../web/details/capacity-text.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';
import { zhHansLate } from '../../../web/words/zh-hans-late.ts';

const GIB = 1_073_741_824;
const vm = (cpu?: number, memoryGiB?: number) => ({
  ...(cpu !== undefined && { cpu }),
  ...(memoryGiB !== undefined && { memory: memoryGiB * GIB }),
});
const HOST = { cpu: 31.5, memory: 62 * GIB };

describe('the capacity of a host', () => {
  it('adds up its own VMs, and those on their way apart', () => {
    const { cpu, memory } = capacityOf(HOST, [vm(4, 8), vm(8, 16)], [vm(2, 4)]);
    expect(cpu).toEqual({ allocatable: 31.5, here: { sum: 12, unknown: 0 }, arriving: { sum: 2, unknown: 0 } });
    expect(memory).toEqual({ allocatable: 62 * GIB, here: { sum: 24 * GIB, unknown: 0 }, arriving: { sum: 4 * GIB, unknown: 0 } });
    expect(barOf(cpu)).toEqual({ here: 12 / 31.5, arriving: 2 / 31.5, allocatable: 1 });
  });

  it('counts VMs of unknown size, and does not take them for nothing', () => {
    const { cpu, memory } = capacityOf(HOST, [vm(4), vm()], [vm()]);
    expect(cpu.here).toEqual({ sum: 4, unknown: 1 });
    expect(memory.here).toEqual({ sum: 0, unknown: 2 });
    expect(cpu.arriving).toEqual({ sum: 0, unknown: 1 });
  });

  it('knows nothing of a host without a Node, nor of sizes that are none', () => {
    expect(capacityOf(undefined, [vm(4)], []).cpu.allocatable).toBeNull();
    expect(capacityOf({ cpu: Number.NaN, memory: -1 }, [vm(-4)], []).cpu).toEqual({
      allocatable: null,
      here: { sum: 0, unknown: 1 },
      arriving: { sum: 0, unknown: 0 },
    });
    expect(barOf(capacityOf(undefined, [vm(4)], []).cpu)).toBeNull();
    expect(barOf(capacityOf({ cpu: 0 }, [], []).cpu)).toBeNull();
  });

  it('is told over its limit, and not cut off there', () => {
    const { cpu } = capacityOf({ cpu: 10 }, [vm(15)], [vm(5)]);
    expect(shareOfAllocatable(cpu)).toBe(1.5);
    expect(barOf(cpu)).toEqual({ here: 0.75, arriving: 0.25, allocatable: 0.5 });
  });

  it('has a bar whose parts never leave it, whatever the sizes', () => {
    const size = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true }), { nil: undefined });
    const vms = fc.array(
      size.map((cpu) => vm(cpu)),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(size, vms, vms, (allocatable, here, arriving) => {
        const bar = barOf(capacityOf(allocatable === undefined ? undefined : { cpu: allocatable }, here, arriving).cpu);
        if (bar === null) return;
        for (const part of Object.values(bar)) expect(part).toBeGreaterThanOrEqual(0);
        expect(bar.here + bar.arriving).toBeLessThanOrEqual(1 + 1e-9);
        expect(bar.allocatable).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the capacity in words', () => {
  const formats = createFormats('en');
  const of = (part: 'cpu' | 'memory', ...given: Parameters<typeof capacityOf>) =>
    capacityText(capacityOf(...given)[part], part, enLate.capacity, formats);

  it.each([
    ['all is known', of('cpu', HOST, [vm(12)], []), '12 vCPU on 31.5 cores · 38%', []],
    ['memory', of('memory', HOST, [vm(1, 24)], []), '24 GiB of 62 GiB · 39%', []],
    ['nobody is there', of('memory', HOST, [], []), '0 MiB of 62 GiB · 0%', []],
    ['one is on the way', of('cpu', HOST, [], [vm(4)]), '0 vCPU on 31.5 cores · 0%', ['Arriving: 4 vCPU more']],
    [
      'not of all it is known',
      of('cpu', HOST, [vm(12), vm(), vm()], [vm()]),
      'at least 12 vCPU on 31.5 cores · 38%',
      ['Not known of 2 VMs here, which are left out.', 'Arriving: 1 VM of which it is not known'],
    ],
    ['nothing is to be given', of('cpu', { cpu: 0 }, [vm(2)], []), '2 vCPU on 0 cores', ['More vCPUs than cores: they share them.']],
    ['the host is not known', of('cpu', undefined, [vm(12)], []), '12 vCPU · what the host can give is not known', []],
    ['it is full', of('memory', { memory: 8 * GIB }, [vm(1, 8)], []), '8 GiB of 8 GiB · 100%', []],
    [
      'it is a little over',
      of('memory', { memory: 800 * GIB }, [vm(1, 801)], []),
      '801 GiB of 800 GiB · 101%',
      ['More memory than the host can give.'],
    ],
    ['it is nearly full', of('memory', { memory: 800 * GIB }, [vm(1, 799)], []), '799 GiB of 800 GiB · 99%', []],
    [
      'a share is one that no binary fraction is',
      of('cpu', { cpu: 10 }, [vm(11)], []),
      '11 vCPU on 10 cores · 110%',
      ['More vCPUs than cores: they share them.'],
    ],
    ['and another', of('cpu', { cpu: 100 }, [vm(29)], []), '29 vCPU on 100 cores · 29%', []],
    [
      'it shares its cores',
      of('cpu', { cpu: 10 }, [vm(24)], []),
      '24 vCPU on 10 cores · 240%',
      ['More vCPUs than cores: they share them.'],
    ],
  ])('%s', (_, text, head, lines) => {
    expect({ head: text.head, lines: text.lines }).toEqual({ head, lines });
  });

  it('is said in Chinese too', () => {
    const { cpu } = capacityOf({ cpu: 10 }, [vm(12), vm()], [vm(2)]);
    expect(capacityText(cpu, 'cpu', zhHansLate.capacity, createFormats('zh-Hans'))).toEqual({
      head: '至少 12 vCPU / 10 核 · 120%',
      isOver: true,
      lines: ['vCPU 多于物理核，由虚拟机共享。', '有 1 台虚拟机数量未知，未计入。', '迁入中：另有 2 vCPU'],
    });
  });
});
