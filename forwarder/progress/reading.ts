/** What one answer of a virt-handler says of each VMI: the newest of the samples that it still holds. Pure. */
import { type VmId, vmIdOf } from '../../core/model.ts';
import { type MetricSample, parseMetricLine, type Quantity } from './metric-line.ts';

/** What was measured of one VMI at one time. */
export interface Reading extends Readonly<Partial<Record<Quantity, number>>> {
  /** As {@link MetricSample.at}. */
  readonly at: number | null;
}

/** No host runs more VMs; whatever says so is not virt-handler. */
const MAX_VMIS_COUNT = 2_000;

/**
 * Takes an answer line by line. A handler sends up to ten measurements of each migration, five seconds apart, each with its own time
 * (KubeVirt ≥ 1.4); only those of the newest time make the reading, so that it never mixes two.
 */
export class ReadingCollector {
  readonly #readings = new Map<VmId, Reading>();

  get readings(): ReadonlyMap<VmId, Reading> {
    return this.#readings;
  }

  take(line: string): void {
    const sample = parseMetricLine(line);
    if (sample === null) return;
    const id = vmIdOf(sample.namespace, sample.name);
    const known = this.#readings.get(id);
    if (known === undefined && this.#readings.size >= MAX_VMIS_COUNT) return;
    const age = known === undefined ? 1 : compareTimes(sample.at, known.at);
    if (age > 0) this.#readings.set(id, { at: sample.at, [sample.quantity]: sample.value });
    else if (age === 0) this.#readings.set(id, { ...known, at: sample.at, [sample.quantity]: sample.value });
  }
}

/** Two times of one handler; a sample without a time is of now. */
const compareTimes = (a: MetricSample['at'], b: MetricSample['at']): number =>
  (a ?? Number.POSITIVE_INFINITY) === (b ?? Number.POSITIVE_INFINITY)
    ? 0
    : (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY);
