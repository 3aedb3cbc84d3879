import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MigrationRecord, RunningMigration } from '../../../core/history.ts';
import type { Host, Vm } from '../../../core/model.ts';
import { type ExportFile, type ExportPicture, exportHostsCsv, exportJson, exportVmsCsv, nameFile } from '../../../web/export/export.ts';
import type { HostRow } from '../../../web/export/export-columns.ts';
import { type Cell, formatCsvHead, formatCsvLine } from '../../../web/export/export-csv.ts';
import { exportMigrationsCsv, exportMigrationsJson } from '../../../web/export/export-migrations.ts';
import { readJson } from '../../../web/stream/read-json.ts';

const AT = Date.parse('2026-11-26T03:00:10.250Z');
const LIVE: ExportPicture = {
  cluster: 'harvester',
  displayName: 'Harvester, Hamburg',
  cursor: 'e1-42',
  kind: 'live',
  freshness: 'live',
  now: AT,
  lastHeard: AT - 2_000,
  present: AT,
  filter: null,
};
const VM: Vm = { id: 'default/web', namespace: 'default', name: 'web', host: 'host-1', state: 'running', migratable: { ok: true } };
const drained = (safe: boolean): HostRow => ({
  name: 'host-1',
  host: {
    name: 'host-1',
    state: 'maintenance',
    reasons: [],
    roles: ['worker', 'etcd'],
    drain: {
      here: 0,
      moving: 0,
      stopping: 0,
      waiting: 0,
      stuck: 0,
      arriving: 0,
      were: 3,
      since: null,
      safe,
      because: safe ? 'empty' : 'vms-unplaced',
    },
  },
  vms: 0,
  arriving: 0,
  leaving: 0,
});

const textOf = ({ pieces }: ExportFile): string => [...pieces].join('');
const csv = (...cells: Cell[]): string =>
  formatCsvLine(
    cells.map((cell) => ({ name: '', cell: () => cell })),
    null,
  ).slice(0, -2);

/** RFC 4180 by its grammar, one sign after the other; shares nothing with what writes. */
function readCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else isQuoted = false;
    } else if (sign === '"' && cell === '') isQuoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text.charAt(at + 1) === '\n') at++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += sign;
  }
  return cell === '' && row.length === 0 ? rows : [...rows, [...row, cell]];
}
function records(file: ExportFile): Record<string, string>[] {
  const [head = [], ...rows] = readCsv(textOf(file).slice(1));
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? 'missing'])));
}

describe('a cell', () => {
  it.each<[Cell, string]>([
    ['web', 'web'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [0, '0'],
    [2 ** 40, '1099511627776'],
    [0.5, '0.5'],
    [true, 'true'],
    [false, 'false'],
    // None of ours is negative: one that is comes from elsewhere, and begins as a formula does.
    [-1, "'-1"],
    [Number.NaN, 'NaN'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['say "no"', '"say ""no"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    [' a ', '" a "'],
    ['热迁移', '热迁移'],
    ['spec.nodeName=host-1', 'spec.nodeName=host-1'],
  ])('%j is written as %j', (cell, written) => {
    expect(csv(cell)).toBe(written);
  });

  it.each(['=', '+', '-', '@', '＝', '＋', '－', '＠'])('that begins with %s is no formula', (sign) => {
    expect(csv(`${sign}1+1`)).toBe(`'${sign}1+1`);
    expect(csv(`  ${sign}1+1`)).toBe(`"  '${sign}1+1"`);
    expect(csv(`\t${sign}1+1`)).toBe(`"'\t'${sign}1+1"`);
    expect(csv(`\u200b${sign}1+1`)).toBe(`\u200b'${sign}1+1`);
    expect(csv(`a;${sign}1+1`)).toBe(`"a;'${sign}1+1"`);
    expect(csv(`a,\n ${sign}1+1`)).toBe(`"a,\n '${sign}1+1"`);
  });

  it.each(['\t', '\r', '\n', '\0'])('that begins with %j begins with an apostrophe', (sign) => {
    expect(csv(`${sign}a`).replaceAll('"', '')).toBe(`'${sign}a`);
  });
});

describe('a text that runs from right to left', () => {
  const fenced = readJson<Vm>(JSON.stringify({ ...VM, displayName: '=שרת' }));

  it('is exported without the fence that the page puts around it', () => {
    expect(fenced.displayName).toBe('\u2068=שרת\u2069');
    expect(records(exportVmsCsv([fenced], LIVE))[0]?.displayName).toBe("'=שרת");
    expect(JSON.parse(textOf(exportJson([fenced], [], LIVE))).vms[0].displayName).toBe('=שרת');
  });
});

describe('a table', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'=+-@＝＋－＠,;|"\'\t\r\n\0\u200b a1') }),
    fc.constantFrom('=HYPERLINK("https://a","b")', "+cmd|' /C calc'!A0", '\ufeff=1'),
  );
  const cell = fc.oneof(text, fc.nat(), fc.boolean(), fc.constant(null));
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
  const write = (rows: readonly (readonly Cell[])[]): string => {
    const columns = (rows[0] ?? []).map((_, index) => ({ name: `c${index}`, cell: (row: readonly Cell[]) => row[index] }));
    return formatCsvHead(columns) + rows.map((row) => formatCsvLine(columns, row)).join('');
  };

  it('is read back as it was, but for the apostrophes', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const written = write(rows);
        expect(written.startsWith('\ufeffc0')).toBe(true);
        const [, ...read] = readCsv(written.slice(1));
        const bare = (value: unknown): string => String(value ?? '').replaceAll("'", '');
        expect(read.map((row) => row.map(bare))).toEqual(rows.map((row) => row.map(bare)));
      }),
    );
  });

  it.each([',', ';', '\t'])('has no cell that a spreadsheet would run, also one that separates cells by %j', (separator) => {
    fc.assert(
      fc.property(table, (rows) => {
        const cells = readCsv(write(rows).slice(1), separator).flat();
        expect(cells.filter((read) => /^[\s\p{C}]*[=+\-@＝＋－＠]/u.test(read))).toEqual([]);
      }),
    );
  });
});

describe('the name of a file', () => {
  it.each<[string, Partial<ExportPicture>, string]>([
    ['tells cluster, time and cursor', {}, 'hostview-harvester-20261126T030010Z-e1.42.csv'],
    [
      'says that rows are left out',
      { filter: { query: 'web', listed: 1, of: 2 } },
      'hostview-harvester-filtered-20261126T030010Z-e1.42.csv',
    ],
    ['says that there are others', { isPart: true }, 'hostview-harvester-part-20261126T030010Z-e1.42.csv'],
    ['of the past says so', { kind: 'past', present: AT + 60_000 }, 'hostview-harvester-past-20261126T030010Z-e1.42.csv'],
    [
      'of a stale picture has the time last heard',
      { kind: 'stale', now: AT + 60_000 },
      'hostview-harvester-stale-20261126T030008Z-e1.42.csv',
    ],
    ['of a lost connection too', { kind: 'reconnecting', now: AT + 9_000 }, 'hostview-harvester-reconnecting-20261126T030008Z-e1.42.csv'],
    ['of a cluster never heard', { kind: 'waiting', lastHeard: null, cursor: null }, 'hostview-harvester-waiting-20261126T030010Z.csv'],
  ])('%s', (_, change, name) => {
    expect(nameFile('vms', 'csv', { ...LIVE, ...change })).toBe(name);
  });

  it('says what it is a table of', () => {
    expect(exportHostsCsv([], LIVE).name).toBe('hostview-harvester-hosts-20261126T030010Z-e1.42.csv');
    expect(exportMigrationsCsv([], LIVE).name).toBe('hostview-harvester-migrations-20261126T030010Z-e1.42.csv');
    expect(exportJson([], [], LIVE).name).toBe('hostview-harvester-20261126T030010Z-e1.42.json');
  });
});

describe('exported VMs', () => {
  const moving: Vm = {
    ...VM,
    displayName: '=Web',
    labels: { app: 'web', 'a.io/empty': '' },
    transit: {
      id: 'm-1',
      stage: 'transferring',
      cause: 'unknown',
      from: 'host-1',
      to: 'host-2',
      startedAt: AT,
      remembered: { cause: 'drain' },
    },
    lastMigration: { outcome: 'failed', cause: 'user', from: 'host-1', to: null, endedAt: null, reason: '@SUM(1;-2)' },
    memory: 2 ** 31,
  };

  it('say where each stands, of which picture, and what nobody knows is empty', () => {
    const [row] = records(exportVmsCsv([moving], LIVE));
    expect(row).toMatchObject({
      cluster: 'harvester',
      cursor: 'e1-42',
      picture: 'live',
      at: '2026-11-26T03:00:10.250Z',
      lastHeard: '2026-11-26T03:00:08.250Z',
      name: 'web',
      displayName: "'=Web",
      host: 'host-1',
      leaving: 'host-1',
      arriving: 'host-2',
      'transit.cause': 'drain',
      'transit.startedAt': '2026-11-26T03:00:10.250Z',
      'lastMigration.endedAt': '',
      'lastMigration.reason': "'@SUM(1;'-2)",
      migratable: 'true',
      cpu: '',
      memory: '2147483648',
      labels: 'app=web a.io/empty=',
    });
  });

  it('of the past or of a silent cluster say so in each line', () => {
    const past = { ...LIVE, kind: 'past', freshness: 'stale', now: AT - 3_600_000, lastHeard: AT - 3_700_000 } as const;
    expect(records(exportVmsCsv([VM, VM], past)).map(({ picture, freshness, at }) => [picture, freshness, at])).toEqual([
      ['past', 'stale', '2026-11-26T02:00:10.250Z'],
      ['past', 'stale', '2026-11-26T02:00:10.250Z'],
    ]);
    const stale = { ...LIVE, kind: 'stale', freshness: 'stale', now: AT + 60_000, present: AT + 60_000 } as const;
    const [row] = records(exportVmsCsv([VM], stale));
    expect(row).toMatchObject({ picture: 'stale', at: '2026-11-26T03:00:08.250Z', exportedAt: '2026-11-26T03:01:10.250Z' });
  });

  it('of a live picture are of no moment before the last frame, though the page may think that it is earlier', () => {
    const late = { ...LIVE, now: AT - 48.5 };
    const moments = [late, { ...late, lastHeard: AT }, { ...late, lastHeard: null }, { ...late, now: null, lastHeard: AT }];
    expect(moments.map((picture) => records(exportVmsCsv([VM], picture))[0]?.at)).toEqual([
      '2026-11-26T03:00:10.201Z',
      '2026-11-26T03:00:10.250Z',
      '2026-11-26T03:00:10.201Z',
      '2026-11-26T03:00:10.250Z',
    ]);
  });

  it('are in JSON as they are, with what they are a part of', () => {
    const filter = { query: '=web', listed: 1, of: 340 };
    const file = exportJson([moving], [drained(false)], { ...LIVE, filter });
    const read = JSON.parse(textOf(file));
    expect(read).toMatchObject({ cluster: 'harvester', displayName: 'Harvester, Hamburg', cursor: 'e1-42', picture: 'live', filter });
    expect(read.vms).toEqual([moving]);
    expect(read.hosts).toEqual([{ ...drained(false).host, vms: 0, arriving: 0, leaving: 0 }]);
  });

  it('have a time that no calendar has as a number', () => {
    const [row] = records(exportVmsCsv([{ ...VM, previous: { host: 'host-2', until: Number.MAX_SAFE_INTEGER } }], LIVE));
    expect(row?.['previous.until']).toBe('9007199254740991');
  });
});

describe('exported hosts', () => {
  it('have a yes to powering off only from a live picture', () => {
    const safeIn = (kind: ExportPicture['kind'], safe: boolean): unknown => {
      const picture = { ...LIVE, kind };
      const [row] = records(exportHostsCsv([drained(safe)], picture));
      const [host] = JSON.parse(textOf(exportJson([], [drained(safe)], picture))).hosts;
      expect([row?.['drain.safe'], row?.['drain.because']]).toEqual([String(host.drain.safe ?? ''), host.drain.because ?? '']);
      return host.drain.safe;
    };
    expect(safeIn('live', true)).toBe(true);
    for (const kind of ['stale', 'past', 'reconnecting', 'refused', 'connecting'] as const) {
      expect(safeIn(kind, true), kind).toBe(undefined);
      expect(safeIn(kind, false), kind).toBe(false);
    }
  });

  it('have no yes while VMs are shown there', () => {
    const read = (row: HostRow): unknown => records(exportHostsCsv([row], LIVE))[0]?.['drain.safe'];
    expect([read(drained(true)), read({ ...drained(true), vms: 1 }), read({ ...drained(true), arriving: 1 })]).toEqual(['true', '', '']);
  });

  it('of which no Node is known have a name and counts', () => {
    const [row] = records(exportHostsCsv([{ name: 'host-9', host: undefined, vms: 2, arriving: 1, leaving: 0 }], LIVE));
    expect(row).toMatchObject({ name: 'host-9', state: '', vms: '2', arriving: '1', leaving: '0' });
  });

  it('have every field of a host', () => {
    const full: Required<Host> = {
      name: 'host-1',
      displayName: 'Rack 1',
      state: 'pressure',
      reasons: ['MemoryPressure: low', 'DiskPressure'],
      roles: ['worker', 'etcd'],
      zone: 'a',
      cpu: 64,
      memory: 2 ** 39,
      drain: { here: 1, moving: 2, stopping: 3, waiting: 4, stuck: 5, arriving: 6, safe: false, because: 'vms-here', were: 7, since: AT },
    };
    const [row = {}] = records(exportHostsCsv([{ name: 'host-1', host: full, vms: 1, arriving: 6, leaving: 2 }], LIVE));
    expect(row).toMatchObject({ displayName: 'Rack 1', reasons: 'MemoryPressure: low | DiskPressure', roles: 'worker etcd', zone: 'a' });
    expect(Object.entries(row).filter(([, value]) => value === '' || value === 'missing')).toEqual([]);
  });
});

describe('exported migrations', () => {
  const running: RunningMigration = {
    id: 'm-2',
    vm: 'default/web',
    stage: 'queued',
    cause: 'drain',
    from: 'host-1',
    to: null,
    startedAt: AT,
    stages: [],
  };
  const over: MigrationRecord = {
    id: 'm-1',
    vm: 'default/web',
    outcome: 'failed',
    cause: 'user',
    from: 'host-1',
    to: 'host-2',
    reason: 'no room',
    startedAt: AT - 9_000,
    endedAt: AT - 1_000,
    recordedAt: AT - 900,
    tries: 2,
    stages: [],
  };

  it('are those under way and those that are over', () => {
    const [first, second] = records(exportMigrationsCsv([running, over], LIVE));
    expect(first).toMatchObject({ id: 'm-2', stage: 'queued', outcome: '', to: '', endedAt: '', cause: 'drain' });
    expect(second).toMatchObject({
      id: 'm-1',
      stage: '',
      outcome: 'failed',
      endedAt: '2026-11-26T03:00:09.250Z',
      tries: '2',
      reason: 'no room',
    });
    const read = JSON.parse(textOf(exportMigrationsJson([running, over], LIVE)));
    expect(read.migrations).toEqual([running, over]);
    expect(read).not.toHaveProperty('partial');
  });

  it('of which not all were read say so', () => {
    const file = exportMigrationsJson([over], { ...LIVE, isPart: true });
    expect(file.name).toContain('hostview-harvester-migrations-part-');
    expect(JSON.parse(textOf(file)).partial).toBe(true);
  });

  it('tell what held one up that failed without a reason, and where one goes that leaves the cluster', () => {
    const { reason: _reason, ...silent } = over;
    const leaving: RunningMigration = { ...running, suspended: true, peer: { direction: 'out', host: 'far-1' } };
    const [first, second] = records(exportMigrationsCsv([leaving, { ...silent, trouble: 'quota exceeded' }], LIVE));
    expect(first).toMatchObject({ suspended: 'true', 'peer.direction': 'out', 'peer.host': 'far-1' });
    expect(second).toMatchObject({ reason: '', trouble: 'quota exceeded' });
  });
});
