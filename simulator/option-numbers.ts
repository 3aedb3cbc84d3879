/** What the command lines of the simulator and of `npm start` have in common: how large a cluster may be, and how a mistake is told. Pure. */

export interface NumberRange {
  readonly name: string;
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
  readonly fraction?: boolean;
}

/** With one host nothing could move; Hostview takes up to 20,000 VMs of a cluster (core/limits.ts). */
export const CLUSTER_RANGES = [
  { name: 'vms', fallback: 12, least: 1, most: 20_000 },
  { name: 'hosts', fallback: 3, least: 2, most: 1_000 },
  { name: 'seed', fallback: 1, least: 0, most: 2 ** 32 - 1 },
  { name: 'speed', fallback: 1, least: 0.01, most: 1_000, fraction: true },
] as const satisfies readonly NumberRange[];

export const MAX_PORT = 65_535;

type ParsedNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

export function parseNumber({ name, fallback, least, most, fraction }: NumberRange, text: string | undefined): ParsedNumber {
  if (text === undefined) return { ok: true, value: fallback };
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = fraction === true ? Number.isFinite(value) : Number.isInteger(value);
  if (fits && value >= least && value <= most) return { ok: true, value };
  return { ok: false, error: `--${name} takes a ${fraction === true ? '' : 'whole '}number from ${least} to ${most}, not "${text}".` };
}

/** What `parseArgs` found wrong: Node explains it over several lines and sentences, of which the first says it. */
export function explainArgsError(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return `${(line.split('. ')[0] ?? line).replace(/\.$/, '')}.`;
}
