/**
 * What Cloudflare charges, in US dollars without taxes, read in November 2026:
 *   developers.cloudflare.com/workers/platform/pricing, …/workers/platform/limits, …/durable-objects/platform/pricing
 * (the free plan's rows read: D1's, whose rows are billed alike)
 */

/** What is billed, of all clusters together. */
export interface Usage {
  readonly workerRequests: number;
  /** Milliseconds of Workers' CPU time; objects' is in their duration. */
  readonly workerCpuMs: number;
  /** Of Durable Objects: HTTP requests, each RPC call, alarms, WebSockets that are opened; incoming WebSocket messages count a twentieth. */
  readonly objectRequests: number;
  /** Seconds that objects are awake, without those in which they could sleep. */
  readonly objectSeconds: number;
  readonly rowsRead: number;
  /** Rows that are deleted count too, and each alarm that is set. */
  readonly rowsWritten: number;
  /** What lies there all the time; not a sum over time, as the others are. */
  readonly storedGb: number;
}

export interface Price {
  readonly label: string;
  /** Dollars for a million (of stored gigabytes: for one, and a month). */
  readonly dollars: number;
  readonly per: number;
  /** What a month of the plan has. */
  readonly included: number;
  /** What a day of the free plan has (stored gigabytes: at any time); null: there is no limit by the day. */
  readonly freeADay: number | null;
  /** How much is billed of what is used. */
  readonly billed: (usage: Usage) => number;
}

/** An object is billed with this much memory, whatever it uses. */
export const OBJECT_GB = 0.128;
/** The Workers Paid plan, a month: it includes what {@link PRICES} say. */
export const PLAN_DOLLARS = 5;
/** On the free plan, of one invocation of a Worker: a stream that a Worker holds is one. */
export const FREE_CPU_MS_PER_INVOCATION = 10;
const MILLION = 1_000_000;

export const PRICES: readonly Price[] = [
  {
    label: 'Worker requests',
    dollars: 0.3,
    per: MILLION,
    included: 10 * MILLION,
    freeADay: 100_000,
    billed: ({ workerRequests }) => workerRequests,
  },
  {
    label: 'Worker CPU, ms',
    dollars: 0.02,
    per: MILLION,
    included: 30 * MILLION,
    freeADay: null,
    billed: ({ workerCpuMs }) => workerCpuMs,
  },
  {
    label: 'object requests',
    dollars: 0.15,
    per: MILLION,
    included: MILLION,
    freeADay: 100_000,
    billed: ({ objectRequests }) => objectRequests,
  },
  {
    label: 'object duration, GB-s',
    dollars: 12.5,
    per: MILLION,
    included: 400_000,
    freeADay: 13_000,
    billed: ({ objectSeconds }) => objectSeconds * OBJECT_GB,
  },
  {
    label: 'rows read',
    dollars: 0.001,
    per: MILLION,
    included: 25_000 * MILLION,
    freeADay: 5 * MILLION,
    billed: ({ rowsRead }) => rowsRead,
  },
  { label: 'rows written', dollars: 1, per: MILLION, included: 50 * MILLION, freeADay: 100_000, billed: ({ rowsWritten }) => rowsWritten },
  { label: 'stored, GB', dollars: 0.2, per: 1, included: 5, freeADay: 5, billed: ({ storedGb }) => storedGb },
];
