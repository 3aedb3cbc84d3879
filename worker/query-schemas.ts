/** The queries of the read API, checked. What the address does not say is absent; what it says too much is ignored. */
import * as v from 'valibot';
import { DEFAULT_PAGE_COUNT, MAX_PAGE_COUNT } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { label, subdomain, vmId } from './entity-schemas.ts';
import type { Refusal } from './problem.ts';
import { parse } from './schemas.ts';

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** ISO 8601 with a zone, down to milliseconds, or milliseconds since the epoch; null for anything else. */
export function parseMoment(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, day] = ISO_TIME.exec(text) ?? [];
  const time = Date.parse(text);
  // Date.parse takes the 30th of February for a day in March.
  return day === undefined || Number.isNaN(time) || !isDay(day) ? null : time;
}

function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

const moment = v.pipe(
  v.string(),
  v.check((text) => parseMoment(text) !== null, 'a time, as 2026-11-26T08:30:00.000Z or in milliseconds since 1970'),
  v.transform((text) => parseMoment(text) ?? 0),
);
const whole = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.check((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, `a whole number from ${least} to ${most}`),
    v.transform(Number),
  );
/** It is judged against the log, not by its form. */
const cursor = v.pipe(v.string(), v.maxLength(64));

export const listQuery = v.object({ follow: v.exactOptional(v.picklist(['true', 'false'])) });

export const snapshotQuery = v.object({ at: v.exactOptional(moment) });

export const framesQuery = v.object({
  from: v.exactOptional(cursor),
  limit: v.exactOptional(whole(1, MAX_PAGE_COUNT), String(DEFAULT_PAGE_COUNT)),
});

export const LEAST_BUCKET_S = 60;
export const MOST_BUCKET_S = 86_400;

export const migrationsQuery = v.object({
  limit: v.exactOptional(whole(1, MAX_PAGE_COUNT), String(DEFAULT_PAGE_COUNT)),
  before: v.exactOptional(cursor),
  vm: v.exactOptional(vmId),
  bucket: v.exactOptional(whole(LEAST_BUCKET_S, MOST_BUCKET_S)),
  from: v.exactOptional(moment),
  to: v.exactOptional(moment),
});

const vmQuery = v.object({ namespace: label, name: subdomain });

export type MigrationsQuery = v.InferOutput<typeof migrationsQuery>;

export const parseListQuery = (url: string): Result<v.InferOutput<typeof listQuery>, Refusal> => parse(listQuery, queryOf(url));
export const parseSnapshotQuery = (url: string): Result<v.InferOutput<typeof snapshotQuery>, Refusal> => parse(snapshotQuery, queryOf(url));
export const parseFramesQuery = (url: string): Result<v.InferOutput<typeof framesQuery>, Refusal> => parse(framesQuery, queryOf(url));
export const parseMigrationsQuery = (url: string): Result<MigrationsQuery, Refusal> => parse(migrationsQuery, queryOf(url));

/** Null for what no VM can be called. */
export function parseVmQuery(url: string): v.InferOutput<typeof vmQuery> | null {
  const parsed = v.safeParse(vmQuery, queryOf(url));
  return parsed.success ? parsed.output : null;
}

/** Of a name that is given twice, the first counts. */
function queryOf(url: string): Record<string, string> {
  const { searchParams } = new URL(url);
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.get(name) ?? '']));
}

const PAGE_TOKEN = /^([0-9a-z]{1,32})\.([1-9][0-9]{0,14})$/;

/** Where a page of migrations ended: the number of its last one, in this log. */
export const formatPageToken = (epoch: string, number: number): string => `${epoch}.${number}`;

export function parsePageToken(text: string, epoch: string, newest: number): Result<number, Refusal> {
  const [, ofEpoch, digits] = PAGE_TOKEN.exec(text) ?? [];
  const number = Number(digits);
  if (ofEpoch === epoch && number <= newest) return ok(number);
  return err({ code: 'invalid-cursor', detail: 'Give `before` as it was in `next` of the page before, or leave it out.' });
}
