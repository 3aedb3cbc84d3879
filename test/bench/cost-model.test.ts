import { expect, test } from 'vitest';
import {
  addUsage,
  billOf,
  blendUsage,
  CONNECTS_AN_HOUR,
  fleetStreamUsage,
  HOURS_A_DAY,
  HOURS_A_MONTH,
  type HourFacts,
  ISOLATES_AN_HOUR,
  nearestFreeLimit,
  pollUsage,
  type Scene,
  scaleUsage,
  type UnitFacts,
  usageOf,
} from '../../bench/cost-model.ts';
import { PRICES, type Usage } from '../../bench/cost-prices.ts';

const HOUR: HourFacts = {
  batches: 360,
  progress: 40,
  rowsRead: 400,
  rowsWritten: 420,
  rowsPruned: 10,
  rowsScanned: 50,
  wakes: 350,
  reports: 355,
  events: 400,
  storedGb: 0.01,
  handlerSeconds: new Map([
    [0, 2],
    [1, 3],
    [101, 13],
  ]),
  warmSeconds: 3_590,
};
const UNIT: UnitFacts = {
  wakeRows: 12,
  snapshotRows: 105,
  connectRows: 1,
  snapshotSeconds: 0.02,
  connectSeconds: 0.01,
  requestCpuMs: 2,
  deliveryCpuMs: 0.1,
};
const SCENE: Scene = { fanOut: 'bridge', viewers: 0, clusters: 1, progress: false };
const NOTHING: Usage = {
  workerRequests: 0,
  workerCpuMs: 0,
  objectRequests: 0,
  objectSeconds: 0,
  rowsRead: 0,
  rowsWritten: 0,
  storedGb: 0,
};
const monthOf = (scene: Partial<Scene>): Usage => scaleUsage(usageOf(HOUR, UNIT, { ...SCENE, ...scene }), HOURS_A_MONTH);

test('a cluster that nobody looks at costs its posts, its rows and the time that they take', () => {
  const usage = usageOf(HOUR, UNIT, SCENE);
  expect(usage).toEqual({
    workerRequests: 360,
    workerCpuMs: 720,
    objectRequests: 360 + ISOLATES_AN_HOUR,
    objectSeconds: 2,
    rowsRead: 400 + 50 + 350 * 12 + ISOLATES_AN_HOUR,
    rowsWritten: 430,
    storedGb: 0.01,
  });
  expect(usageOf(HOUR, UNIT, { ...SCENE, fanOut: 'direct' })).toEqual(usage);
});

test('a viewer comes again each time that the stream is recycled, and once to load the page', () => {
  expect(CONNECTS_AN_HOUR).toBeCloseTo(4.8);
  const usage = usageOf(HOUR, UNIT, { ...SCENE, viewers: 10 });
  expect(usage.workerRequests).toBeCloseTo(360 + 10 * (4.8 + 1 + 1));
  expect(usage.workerCpuMs).toBeCloseTo(usage.workerRequests * 2 + 10 * 400 * 0.1);
  // Between what was measured with 1 and with 101, and what those who come take.
  expect(usage.objectSeconds).toBeCloseTo(3.9 + 58 * 0.01 + 10 * 0.02);
  expect(usage.rowsWritten).toBe(430);
});

test('a room that is viewed directly is awake all the time, and never wakes up', () => {
  const usage = usageOf(HOUR, UNIT, { ...SCENE, fanOut: 'direct', viewers: 1 });
  expect(usage.objectSeconds).toBe(3_600);
  expect(usage.rowsRead).toBeLessThan(400 + 50 + 150);
  // The Worker passes its bytes through.
  expect(usage.workerCpuMs).toBe(usage.workerRequests * 2);
});

test('were idle seconds billed, the heartbeats would keep a room on the bill', () => {
  expect(usageOf(HOUR, UNIT, { ...SCENE, isIdleBilled: true }).objectSeconds).toBe(3_590);
  expect(usageOf(HOUR, UNIT, { ...SCENE, viewers: 1, fanOut: 'direct', isIdleBilled: true }).objectSeconds).toBe(3_600);
});

test('no hour has more than 3,600 seconds for an object', () => {
  const slow = { ...HOUR, handlerSeconds: new Map([[0, 5_000]]) };
  expect(usageOf(slow, UNIT, { ...SCENE, clusters: 3 }).objectSeconds).toBe(3 * 3_600);
});

test('progress costs requests and nothing that is kept', () => {
  const [without, with_] = [usageOf(HOUR, UNIT, SCENE), usageOf(HOUR, UNIT, { ...SCENE, progress: true })];
  expect(with_.workerRequests - without.workerRequests).toBe(40);
  expect(with_.objectRequests - without.objectRequests).toBe(40);
  expect(with_.rowsWritten).toBe(without.rowsWritten);
});

test('an object that is awake all month is within the plan; ten are $36 beyond it, a hundred $410', () => {
  const durationOf = (clusters: number) =>
    billOf(monthOf({ fanOut: 'direct', viewers: 1, clusters })).beyond.find(({ label }) => label.startsWith('object duration'))?.dollars;
  expect(durationOf(1)).toBeUndefined();
  expect(durationOf(10)).toBeCloseTo(36.47, 2);
  expect(durationOf(100)).toBeCloseTo(409.72, 2);
});

test('what is included costs nothing beyond the plan, and a million more of it its price', () => {
  const included: Usage = {
    workerRequests: 10e6,
    workerCpuMs: 30e6,
    objectRequests: 1e6,
    objectSeconds: 400_000 / 0.128,
    rowsRead: 25e9,
    rowsWritten: 50e6,
    storedGb: 5,
  };
  expect(billOf(included)).toMatchObject({ dollars: 5, beyond: [] });
  const more = addUsage(included, { ...NOTHING, rowsWritten: 2e6, objectRequests: 1e6 });
  expect(billOf(more).dollars).toBeCloseTo(5 + 2 + 0.15);
  expect(billOf(more).beyond.map(({ label }) => label)).toEqual(['rows written', 'object requests']);
  expect(billOf({ ...NOTHING, rowsWritten: 3e6 })).toMatchObject({ dollars: 5, listDollars: 3, beyond: [] });
});

test('the limit of the free plan that is nearest, in a day', () => {
  expect(nearestFreeLimit({ ...NOTHING, rowsWritten: 50_000, workerRequests: 40_000 })).toEqual({ label: 'rows written', share: 0.5 });
  const { label, share } = nearestFreeLimit(scaleUsage(usageOf(HOUR, UNIT, { ...SCENE, fanOut: 'direct', viewers: 1 }), HOURS_A_DAY));
  expect(label).toBe('object duration, GB-s');
  expect(share).toBeCloseTo(0.851, 3);
});

test('the list as a stream is paid once however many look; as requests each pays for each cluster', () => {
  const [one, ten] = [fleetStreamUsage(HOUR, UNIT, 100, 1), fleetStreamUsage(HOUR, UNIT, 100, 10)];
  expect(one.objectRequests).toBeCloseTo(4.8 + 30 + 100 * (30 + 355));
  expect(ten.objectRequests - one.objectRequests).toBeCloseTo(9 * 4.8);
  expect(one.rowsWritten).toBe(30 * 101);
  const polled = pollUsage(UNIT, { clusters: 100, pollers: 10, everyMs: 5_000, directoryRequests: 1 });
  expect(polled.objectRequests).toBe(10 * 720 * 101);
  expect(polled.workerRequests).toBe(10 * 720);
});

test('hours of two kinds are mixed by their share, and what lies there is the larger', () => {
  const [quiet, busy] = [usageOf(HOUR, UNIT, SCENE), usageOf({ ...HOUR, rowsWritten: 2_830, storedGb: 0.05 }, UNIT, SCENE)];
  expect(blendUsage(quiet, busy, 1 / 24)).toMatchObject({ rowsWritten: expect.closeTo(430 + 2_410 / 24), storedGb: 0.05 });
});

test('clusters and hours multiply everything, and hours not what lies there', () => {
  const { storedGb, rowsWritten } = monthOf({ clusters: 10 });
  expect(storedGb).toBeCloseTo(0.1);
  expect(rowsWritten).toBe(430 * 10 * 720);
});

test('each thing that is billed has one price', () => {
  for (const field of Object.keys(NOTHING)) expect(PRICES.filter(({ billed }) => billed({ ...NOTHING, [field]: 1 }) > 0)).toHaveLength(1);
});
