import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Vm, VmId } from '../../../core/model.ts';
import type { VmChange } from '../../../web/board/picture-model.ts';
import type { Query } from '../../../web/search/query.ts';
import { createRowCursor } from '../../../web/table/table-cursor.ts';
import { createTableRows } from '../../../web/table/table-rows.ts';
import { createVmRows } from '../../../web/table/table-vm-rows.ts';

const turn = (): Promise<void> => Promise.resolve();

describe('the rows of a table', () => {
  it('follow, and are held while somebody points at them', () => {
    const rows = createTableRows();
    rows.follow(['a', 'b', 'c']);
    rows.hold(true);
    expect(rows.isBehind.value).toBe(false);
    rows.follow(['c', 'a', 'd']);
    expect(rows.ids.value).toEqual(['a', 'b', 'c', 'd']);
    expect(rows.isBehind.value).toBe(true);
    rows.hold(false);
    expect(rows.ids.value).toEqual(['c', 'a', 'd']);
    expect(rows.isBehind.value).toBe(false);
  });

  it('are not behind where what changed went back', () => {
    const rows = createTableRows();
    rows.follow(['a', 'b']);
    rows.hold(true);
    rows.follow(['b', 'a']);
    rows.follow(['a', 'b']);
    expect(rows.isBehind.value).toBe(false);
  });

  it('are not held back from whoever asks for others', () => {
    const rows = createTableRows();
    rows.follow(['a', 'b', 'c']);
    rows.hold(true);
    rows.replace(['c', 'b']);
    expect(rows.ids.value).toEqual(['c', 'b']);
    expect(rows.isBehind.value).toBe(false);
    expect(rows.turn.value).toBe(1);
  });
});

describe('the row that the keyboard is at', () => {
  it('is the first one, then the chosen one wherever it stands, and the first one when that is gone', () => {
    const ids = signal<readonly string[]>(['a', 'b', 'c']);
    const cursor = createRowCursor(ids);
    expect(cursor.id.value).toBe('a');
    cursor.put('c');
    ids.value = ['c', 'b', 'a'];
    expect([cursor.id.value, cursor.index.value]).toEqual(['c', 0]);
    ids.value = ['b', 'a'];
    expect([cursor.id.value, cursor.index.value]).toEqual(['b', 0]);
    ids.value = [];
    expect(cursor.id.value).toBe(undefined);
  });
});

describe("the rows of the VMs' table", () => {
  const vm = (name: string, memory: number, extra: Partial<Vm> = {}): Vm => ({
    id: name,
    namespace: 'default',
    name,
    host: 'host-1',
    state: 'running',
    migratable: { ok: true },
    memory,
    ...extra,
  });
  function open(first: readonly Vm[]) {
    const vms = new Map(first.map((each) => [each.id, each]));
    const dimmed = new Set<VmId>();
    let tell: (changes: readonly VmChange[], hosts: ReadonlySet<string>) => void = () => {};
    const filter = { query: signal<Query>({ terms: [], problems: [] }), revision: signal(0), matches: (id: VmId) => !dimmed.has(id) };
    const picture = {
      vms: () => vms,
      follow(follow: typeof tell) {
        tell = follow;
        return () => {
          tell = () => {};
        };
      },
    };
    const rows = createVmRows(picture, filter, { column: 'memory', isDescending: true });
    const stop = rows.start();
    return {
      rows,
      stop,
      filter,
      dimmed,
      change(...changed: readonly (readonly [VmId, Vm | undefined])[]) {
        const changes = changed.map(([id, after]) => ({ id, before: vms.get(id), after }));
        for (const [id, after] of changed) {
          if (after === undefined) vms.delete(id);
          else vms.set(id, after);
        }
        tell(changes, new Set());
      },
    };
  }

  it('are sorted, and follow what changes', async () => {
    const { rows, change } = open([vm('a', 1), vm('b', 3), vm('c', 2)]);
    expect(rows.ids.value).toEqual(['b', 'c', 'a']);
    change(['a', vm('a', 9)], ['c', undefined], ['d', vm('d', 4)]);
    await turn();
    expect(rows.ids.value).toEqual(['a', 'd', 'b']);
    rows.sortBy({ column: 'memory', isDescending: false });
    expect(rows.ids.value).toEqual(['b', 'd', 'a']);
  });

  it('are those that the search finds, whichever of the two hears of a change first', async () => {
    const { rows, change, dimmed, filter } = open([vm('a', 1), vm('b', 3), vm('c', 2)]);
    change(['b', vm('b', 3, { state: 'off' })]);
    dimmed.add('b');
    filter.revision.value++;
    await turn();
    expect(rows.ids.value).toEqual(['c', 'a']);
    // By a change of a host: no VM of it is named.
    dimmed.delete('b');
    dimmed.add('a');
    filter.revision.value++;
    await turn();
    expect(rows.ids.value).toEqual(['b', 'c']);
  });

  it('that are held take in nothing that the search does not find', async () => {
    const { rows, change, dimmed, filter } = open([vm('a', 1)]);
    rows.hold(true);
    change(['b', vm('b', 2)]);
    dimmed.add('b');
    filter.revision.value++;
    await turn();
    expect(rows.ids.value).toEqual(['a']);
  });

  it('that a changed picture leaves out stay while they are held; a changed search is not held up', async () => {
    const { rows, change, dimmed, filter } = open([vm('a', 1), vm('b', 3), vm('c', 2)]);
    rows.hold(true);
    dimmed.add('b');
    filter.revision.value++;
    change(['c', undefined]);
    await turn();
    expect(rows.ids.value).toEqual(['b', 'c', 'a']);
    expect(rows.isBehind.value).toBe(true);
    filter.query.value = { terms: [], problems: [] };
    await turn();
    expect(rows.ids.value).toEqual(['a']);
  });

  it('have labels as soon as one of them has', async () => {
    const { rows, change } = open([vm('a', 1)]);
    expect(rows.hasLabels.value).toBe(false);
    change(['b', vm('b', 2, { labels: { app: 'web' } })]);
    await turn();
    expect(rows.hasLabels.value).toBe(true);
  });

  it('are left alone when the table is closed', async () => {
    const { rows, change, stop } = open([vm('a', 1)]);
    stop();
    change(['b', vm('b', 2)]);
    await turn();
    expect(rows.ids.value).toEqual(['a']);
  });
});
