/**
 * The viewers of an object (a cluster's room, the fleet), in both ways they are attached (architecture.md 5):
 *   direct  the object holds the viewer's response
 *   bridge  a Worker holds it, and a hibernatable WebSocket leads here
 * Which one is the Worker's choice; the object serves both alike, and says only what has happened:
 *   attach(way, opening, audience)   a viewer comes; `opening` is what it is due up to the head, made in the same turn
 *   publish(frame)                   the head has moved by this frame (after the move): it is sent when the pacer lets it go (D4)
 *   hear()                           the cluster spoke: what waits is sent, then `heard`
 *   tell(text)                       an event that has no cursor (progress): at once
 *   endAll()                         all come again and learn what there is then
 *
 * What each viewer gets adds up to the head and never doubles: frames leave in order, one that came while frames waited gets only those
 * that it lacks, and no pulse names a cursor whose frame still waits (D3). Where it is not known what was sent (an object that was
 * evicted under its sockets while frames waited), or where a frame does not follow it, everybody is sent a snapshot instead.
 *
 * `audience` is an opaque text that an object gives its viewers to tell them apart: those with the same one get the same bytes. It
 * outlives hibernation. Frames for different audiences must lead to the same cursors, be it by an empty frame.
 */
import type { Pulse } from '../core/downlink.ts';
import { BATCH_INTERVAL_MS, MAX_VIEWERS_PER_CLUSTER_COUNT } from '../core/limits.ts';
import { BridgeViewers } from './bridge-viewers.ts';
import { DirectViewers } from './direct-viewers.ts';
import { addFrame, bytesOf, frameIntervalMs, framesAfter, idlePacer, type PacedFrame, type Pacer, waitMs } from './pacer.ts';
import type { ViewerStats } from './room-stats.ts';
import { encodeText, formatPulseEvent } from './sse.ts';

export interface ViewersOptions<F extends PacedFrame> {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** The pulse at the head, at the time of asking. */
  readonly pulse: () => Pulse;
  /** The event, as text, that does for this audience what these frames do, one after the other. */
  readonly format: (frames: readonly F[], audience: string) => string;
  /** The event `snapshot` at the head, for this audience; its bytes are sent one after the other. */
  readonly snapshot: (audience: string) => readonly Uint8Array[];
}

export type Way = 'direct' | 'bridge';

/** Who holds a viewer's connection: an EventStream or a WebSocket, as what a viewer is known by. */
export type Viewer = object;

/** What a viewer is sent now; nothing where it is empty. */
export type Select = (viewer: Viewer, audience: string) => readonly Uint8Array[];

export class Viewers<F extends PacedFrame> {
  readonly #options: ViewersOptions<F>;
  readonly #direct: DirectViewers;
  readonly #bridge: BridgeViewers;
  #pacer: Pacer<F> = idlePacer();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The cursor that everybody has, once what left is read; undefined in an object that has not looked yet. */
  #sent: string | null | undefined;
  /** Those that came while frames waited, with the cursor they came to. */
  readonly #joined = new Map<Viewer, string | null>();

  constructor(options: ViewersOptions<F>) {
    this.#options = options;
    const { ctx, now, random } = options;
    const pulse = (): Pulse => this.#sentPulse();
    this.#direct = new DirectViewers({ ctx, now, random, pulse });
    this.#bridge = new BridgeViewers({ ctx, pulse });
  }

  get count(): number {
    return this.#direct.count + this.#bridge.count;
  }

  get isFull(): boolean {
    return this.count >= MAX_VIEWERS_PER_CLUSTER_COUNT;
  }

  get stats(): ViewerStats {
    return {
      viewers: { direct: this.#direct.count, bridge: this.#bridge.count },
      waitingFrames: this.#pacer.waiting.length,
      heldBytes: this.#direct.heldBytes,
      cutOff: this.#direct.cutOff + this.#bridge.cutOff,
      recycled: this.#direct.recycled + this.#bridge.recycled,
    };
  }

  attach(way: Way, opening: readonly Uint8Array[], audience = ''): Response {
    this.#learnSent(this.#options.pulse().cursor);
    const { viewer, response } = way === 'bridge' ? this.#bridge.attach(opening, audience) : this.#direct.attach(opening, audience);
    if (this.#pacer.waiting.length > 0) this.#joined.set(viewer, this.#options.pulse().cursor);
    return response;
  }

  publish(frame: F): void {
    const reached = this.#pacer.waiting.at(-1)?.to ?? this.#learnSent(frame.from);
    if (this.count === 0) this.#reset(frame.to);
    else if (frame.from !== reached) this.#sendSnapshot();
    else this.#pace(frame);
  }

  hear(): void {
    if (this.count === 0) return;
    this.#flush();
    const pulse = this.#options.pulse();
    if (this.#learnSent(pulse.cursor) !== pulse.cursor) this.#sendSnapshot();
    this.tell(formatPulseEvent('heard', pulse));
    this.#bridge.offerPulseWhenDurable();
  }

  tell(text: string | ((audience: string) => string)): void {
    if (this.count === 0) return;
    const bytes = remember((audience: string) => [encodeText(typeof text === 'string' ? text : text(audience))]);
    this.#send((_viewer, audience) => bytes(typeof text === 'string' ? '' : audience));
  }

  endAll(): void {
    this.#reset(undefined);
    this.#bridge.endAll();
    this.#direct.endAll();
  }

  /** A bridge's socket has closed, with that code. */
  noteClosed(code: number): void {
    this.#bridge.noteClosed(code);
  }

  #pace(frame: F): void {
    this.#pacer = addFrame(this.#pacer, frame);
    this.#takeTurn();
  }

  /** Sends what waits, or comes back when it may leave. A timer keeps the object awake, so there is none but while something waits. */
  #takeTurn(): void {
    const interval = frameIntervalMs({ direct: this.#direct.count, bridge: this.#bridge.count }, this.#pacer.sentBytes);
    const isBusy = interval > 0 && this.#direct.isBusy;
    const wait = waitMs(this.#pacer, interval, isBusy, this.#options.now());
    if (wait === 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#retakeTurn(), isBusy ? Math.min(wait, BATCH_INTERVAL_MS) : wait);
  }

  #retakeTurn(): void {
    this.#timer = undefined;
    this.#takeTurn();
  }

  #flush(): void {
    const frames = this.#pacer.waiting;
    const last = frames.at(-1);
    if (last === undefined) return;
    const joined = new Map(this.#joined);
    this.#reset(last.to, { sentAt: this.#options.now(), sentBytes: bytesOf(frames) });
    const bytes = remember((cursor: string | null | undefined) =>
      remember((audience: string) => this.#format(framesAfter(frames, cursor), audience)),
    );
    this.#send((viewer, audience) => bytes(joined.get(viewer))(audience));
    this.#bridge.offerPulseWhenDurable();
  }

  #format(frames: readonly F[], audience: string): readonly Uint8Array[] {
    return frames.length === 0 ? [] : [encodeText(this.#options.format(frames, audience))];
  }

  /** Right for everybody, whatever they have. */
  #sendSnapshot(): void {
    this.#reset(this.#options.pulse().cursor, { sentAt: this.#options.now(), sentBytes: 0 });
    const bytes = remember(this.#options.snapshot);
    this.#send((_viewer, audience) => bytes(audience), true);
    this.#bridge.offerPulseWhenDurable();
  }

  #send(select: Select, isOpening = false): void {
    this.#bridge.send(select, isOpening);
    this.#direct.send(select, isOpening);
  }

  /** Nothing waits any more, and `sent` is what everybody has. `left`: where it has left for anybody. */
  #reset(sent: string | null | undefined, left: Pick<Pacer<F>, 'sentAt' | 'sentBytes'> = this.#pacer): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pacer = { sentAt: left.sentAt, sentBytes: left.sentBytes, waiting: [] };
    this.#joined.clear();
    this.#sent = sent;
  }

  /** In an object that is new, the sockets that it found have what the pulse says that lies ready for their pings. */
  #learnSent(unlessSockets: string | null): string | null | undefined {
    if (this.#sent === undefined) this.#sent = this.#bridge.count === 0 ? unlessSockets : this.#bridge.offeredCursor();
    return this.#sent;
  }

  #sentPulse(): Pulse {
    const pulse = this.#options.pulse();
    return this.#sent === undefined ? pulse : { ...pulse, cursor: this.#sent };
  }
}

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
