/**
 * The rows of test/fixtures/domain: Kubernetes objects as they are in one row of a table of the domain, and the model that is derived
 * from them. A row lays its fields over the objects of base.yaml; null takes an object away.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Inventory } from '../../core/derive/inventory.ts';
import type { FactKind } from '../../core/facts.ts';
import type { DerivedHost, DerivedVm, FinishedMigration } from '../../core/model.ts';
import { PROJECTORS } from '../../forwarder/projector.ts';
import { ROOT } from '../../local/paths.ts';

export const DOMAIN_FOLDER = join(ROOT, 'test/fixtures/domain');

export interface Derived {
  readonly vm: DerivedVm | null;
  readonly host: DerivedHost | null;
  readonly finished: readonly FinishedMigration[];
}

export interface DomainRow {
  readonly row: string;
  readonly [object: string]: unknown;
}

export interface DomainTable {
  readonly table: string;
  readonly file: string;
  /** Laid under each of its rows. */
  readonly common?: Readonly<Record<string, unknown>>;
  readonly rows: readonly DomainRow[];
}

type Json = Readonly<Record<string, unknown>>;
const BASE = parse(readFileSync(join(DOMAIN_FOLDER, 'base.yaml'), 'utf8')) as Readonly<Record<string, Json>>;
/** Objects of the base that are there unless a row takes them away. */
const PRESENT = ['host', 'host2', 'host3', 'vm', 'vmi'];
const KIND_OF: Readonly<Record<string, FactKind>> = { host2: 'host', host3: 'host' };
const DERIVED_VM = 'default/ubuntu';
const DERIVED_HOST = 'harv-1';

export function readDomainTables(): DomainTable[] {
  const files = readdirSync(DOMAIN_FOLDER).filter((name) => name.endsWith('.yaml') && name !== 'base.yaml');
  return files.sort().map((file) => ({ file, ...parse(readFileSync(join(DOMAIN_FOLDER, file), 'utf8')) }) as DomainTable);
}

/** What a table's rows are to be, by row: the file beside it, written by write-domain-rows.ts and read by people. */
export const derivedFile = ({ file }: DomainTable): string => join(DOMAIN_FOLDER, file.replace(/yaml$/, 'derived.json'));

export const readDerived = (table: DomainTable): Readonly<Record<string, Derived>> => JSON.parse(readFileSync(derivedFile(table), 'utf8'));

/** A line for each entity, so that a difference is a line. */
export function formatDerived(table: DomainTable): string {
  const lines = table.rows.map((row) => {
    const { vm, host, finished } = deriveRow(table, row);
    const ends = finished.length === 0 ? '[]' : `[\n      ${finished.map((end) => JSON.stringify(end)).join(',\n      ')}\n    ]`;
    return `  ${JSON.stringify(row.row)}: {\n    "vm": ${JSON.stringify(vm)},\n    "host": ${JSON.stringify(host)},\n    "finished": ${ends}\n  }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

export function deriveRow(table: DomainTable, row: DomainRow): Derived {
  const inventory = new Inventory();
  for (const [kind, object] of objectsOf({ ...table.common, ...row })) {
    const fact = PROJECTORS[kind](object);
    if (!fact.ok) throw new Error(`${row.row}: ${fact.error}`);
    inventory.set(kind, fact.value as never);
  }
  const { finished } = inventory.takeChanges();
  return { vm: inventory.vms.get(DERIVED_VM) ?? null, host: inventory.hosts.get(DERIVED_HOST) ?? null, finished };
}

function objectsOf(row: Json): [FactKind, Json][] {
  const objects: [FactKind, Json][] = [];
  for (const [name, base] of Object.entries(BASE)) {
    const own = row[name];
    if (name === 'vmim' || own === null || (own === undefined && !PRESENT.includes(name))) continue;
    objects.push([KIND_OF[name] ?? (name as FactKind), layOver(base, (own ?? {}) as Json)]);
  }
  for (const vmim of (row.vmims ?? []) as Json[]) objects.push(['vmim', layOver(BASE.vmim ?? {}, vmim)]);
  return objects;
}

/** Objects are merged field by field, lists replaced. */
function layOver(base: Json, own: Json): Json {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const under = merged[key];
    merged[key] = isObject(under) && isObject(value) ? layOver(under, value) : value;
  }
  return merged;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
