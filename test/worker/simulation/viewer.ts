/** A viewer as the page is one: snapshot and frames into core's reducer. What may never happen to it is an error here. */
import { applyFrame, type ClusterState, stateOf } from '../../../core/cluster-state.ts';
import { digestOf, formatDigest } from '../../../core/digest.ts';
import type { Frame, Pulse, Snapshot } from '../../../core/downlink.ts';
import { type FanOut, TestViewer, type ViewerEvent } from '../support.ts';

export class SimulatedViewer {
  readonly fanOut: FanOut;
  readonly #cluster: string;
  state: ClusterState | null = null;
  /** What was seen of it, for the message of a failure. */
  readonly story: string[] = [];
  #stream: TestViewer | null = null;
  #arrived: ViewerEvent[] = [];
  #isOver = true;
  #mustBeSnapshot = false;
  #wake: () => void = () => {};

  constructor(cluster: string, fanOut: FanOut) {
    this.#cluster = cluster;
    this.fanOut = fanOut;
  }

  get isConnected(): boolean {
    return !this.#isOver;
  }

  /** `cursor`: what it says that it has; null for none. A cursor that is not a place in this log must be answered with a snapshot (D1). */
  async connect(cursor: string | null, mustBeSnapshot: boolean): Promise<void> {
    await this.leave();
    this.story.push(`connect ${cursor ?? 'without a cursor'}`);
    const stream = await TestViewer.open(this.fanOut, this.#cluster, cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`);
    this.#stream = stream;
    this.#arrived = [];
    this.#isOver = false;
    this.#mustBeSnapshot = mustBeSnapshot;
    void this.#pump(stream);
  }

  async leave(): Promise<void> {
    const stream = this.#stream;
    this.#stream = null;
    this.#isOver = true;
    // What has arrived and was not looked at is lost with the page.
    this.#arrived = [];
    await stream?.close().catch(() => {});
  }

  /** Looks at the first `count` events that have arrived; the others wait, as for a page whose machine is busy. */
  read(count = Number.POSITIVE_INFINITY): void {
    for (let left = count; left > 0; left--) {
      const event = this.#arrived.shift();
      if (event === undefined) return;
      this.#take(event);
    }
  }

  /** Reads until it is at that cursor; false where its stream ended before. */
  async reach(cursor: string | null): Promise<boolean> {
    for (;;) {
      this.read();
      if (this.state !== null && this.state.cursor === cursor) return true;
      if (this.#isOver) return false;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #pump(stream: TestViewer): Promise<void> {
    for (;;) {
      const event = await stream.next().catch(() => null);
      if (this.#stream !== stream) return;
      if (event === null) {
        this.#isOver = true;
        this.#wake();
        return;
      }
      this.#arrived.push(event);
      this.#wake();
    }
  }

  #take({ event, id, data }: ViewerEvent): void {
    this.story.push(`${event} ${id ?? ''}`);
    if (this.#mustBeSnapshot && event !== 'snapshot')
      throw this.#failure(`a cursor that is no place in the log was answered with ${event} (D1)`);
    this.#mustBeSnapshot = false;
    if (event === 'snapshot') this.#takeSnapshot(id, data as Snapshot);
    else if (event === 'frame') this.#takeFrame(id, data as Frame);
    else if (event === 'heard' || event === 'ping') this.#takePulse(data as Pulse);
  }

  #takeSnapshot(id: string | undefined, snapshot: Snapshot): void {
    if ((id ?? null) !== snapshot.cursor) throw this.#failure('the id of a snapshot is not its cursor (D1)');
    this.state = stateOf(snapshot);
    this.#compareDigest(snapshot.digest);
  }

  #takeFrame(id: string | undefined, frame: Frame): void {
    if (this.state === null) throw this.#failure('a frame came before any snapshot (D1)');
    if (id !== frame.to) throw this.#failure('the id of a frame is not its cursor (D1)');
    if (!applyFrame(this.state, frame).ok) throw this.#failure(`a frame from ${frame.from} came to a viewer at ${this.state.cursor} (D1)`);
    this.#compareDigest(frame.digest);
  }

  /** A pulse is sent after everything up to the head that it names. */
  #takePulse({ cursor }: Pulse): void {
    if (cursor !== null && this.state !== null && this.state.cursor !== cursor) throw this.#failure(`a pulse names ${cursor} (D3)`);
  }

  /** D6, the viewer's station. */
  #compareDigest(digest: string): void {
    if (this.state === null) return;
    const own = formatDigest(digestOf(this.state.hosts.values(), this.state.vms.values()));
    if (own !== digest) throw this.#failure(`the digest at ${this.state.cursor} is ${own}, not ${digest} (D6)`);
  }

  #failure(what: string): Error {
    return new Error(`viewer (${this.fanOut}) at ${this.state?.cursor ?? 'nothing'}: ${what}\n  ${this.story.slice(-20).join('\n  ')}`);
  }
}
