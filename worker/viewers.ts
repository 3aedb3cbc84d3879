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
 * that it lacks, and no pulse names a cursor whose frame still waits (D3). One that is behind (D4) is given no frame until it has taken what
 * it has; it then gets what it lacks as one, or a snapshot where that is too much. Where it is not known what was sent (an object that was
 * evicted under its sockets while frames waited), or where a frame does not follow it, everybody is sent a snapshot instead.
 *
 * `audience` is an opaque text that an object gives its viewers to tell them apart: those with the same one get the same bytes. It
 * outlives hibernation. Frames for different audiences must lead to the same cursors, be it by an empty frame.
 */
import type { Pulse } from '../core/downlink.ts';
import { BATCH_INTERVAL_MS, FRAME_INTERVAL_MOST_MS, MAX_VIEWERS_PER_CLUSTER_COUNT } from '../core/limits.ts';
import { BridgeViewers } from './bridge-viewers.ts';
import { DirectViewers } from './direct-viewers.ts';
import { addFrame, forgetRecent, frameIntervalMs, framesAfter, idlePacer, leave, type PacedFrame, type Pacer, waitMs } from './pacer.ts';
import type { ViewerStats } from './room-stats.ts';
import { encodeText, formatPulseEvent } from './sse.ts';

export interface ViewersOptions<F extends PacedFrame> {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** The pulse at the head, at the time of asking. */
  readonly pulse: () => Pulse;
  /** The frame that does for everybody what these do, one after the other. */
  readonly merge: (frames: readonly F[]) => F;
  /** The event, as text, that does for this audience what these frames do, one after the other. */
  readonly format: (frames: readonly F[], audience: string) => string;
  /** The event `snapshot` at the head, for this audience; its bytes are sent one after the other. */
  readonly snapshot: (audience: string) => readonly Uint8Array[];
}

export type Way = 'direct' | 'bridge';

/** Who holds a viewer's connection: an EventStream or a WebSocket, as what a viewer is known by. */
export type Viewer = object;

export interface Recipient {
  readonly viewer: Viewer;
  readonly audience: string;
  /** Whether it still has more to take than it ought to have. */
  readonly isBehind: boolean;
}

/** What a viewer is sent now; nothing where it is empty. */
export type Select = (recipient: Recipient) => readonly Uint8Array[];

export class Viewers<F extends PacedFrame> {
  readonly #options: ViewersOptions<F>;
  readonly #direct: DirectViewers;
  readonly #bridge: BridgeViewers;
  #pacer: Pacer<F> = idlePacer();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** The cursor that everybody has, once what left is read; undefined in an object that has not looked yet. */
  #sent: string | null | undefined;
  /** Those that came while frames waited, with the cursor they came to. */
  #ahead = new Map<Viewer, string | null>();
  /** Those that were passed over, with the cursor they have; null where only a snapshot will do. Left over ones go with the next frame. */
  #lagging = new Map<Viewer, string | null>();
  /** The events that those get who have taken what they had, by cursor and audience: made once for all. */
  #catchUps = this.#rememberCatchUps();

  constructor(options: ViewersOptions<F>) {
    this.#options = options;
    const { ctx, now, random } = options;
    const pulse = (): Pulse => this.#sentPulse();
    const isLagging = (viewer: Viewer): boolean => this.#lagging.has(viewer);
    const catchUp = (viewer: Viewer, audience: string): readonly Uint8Array[] => this.#catchUp(viewer, audience);
    // Where frames are about to leave it gets its share of them then, as the one frame that many get.
    const catchUpAlone = (viewer: Viewer, audience: string) => (this.#timer === undefined ? catchUp(viewer, audience) : []);
    this.#direct = new DirectViewers({ ctx, now, random, pulse, isLagging, catchUp: catchUpAlone });
    this.#bridge = new BridgeViewers({ ctx, now, pulse, catchUp });
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
    if (this.#pacer.waiting.length > 0) this.#ahead.set(viewer, this.#options.pulse().cursor);
    return response;
  }

  publish(frame: F): void {
    const reached = this.#pacer.waiting.at(-1)?.to ?? this.#learnSent(frame.from);
    if (this.count === 0) this.#reset(frame.to, idlePacer());
    else if (frame.from !== reached) this.#sendSnapshot();
    else this.#pace(frame);
  }

  hear(): void {
    if (this.count === 0) return;
    this.#flush();
    const pulse = this.#options.pulse();
    if (this.#learnSent(pulse.cursor) !== pulse.cursor) this.#sendSnapshot();
    const heard = [encodeText(formatPulseEvent('heard', pulse))];
    // One that lags will hear when it has caught up.
    this.#send(({ viewer }) => (this.#lagging.has(viewer) ? [] : heard));
    this.#bridge.offerPulseWhenDurable();
  }

  /** Those that are behind are not told: what has no cursor is not kept for later. */
  tell(text: string | ((audience: string) => string)): void {
    if (this.count === 0) return;
    const bytes = remember((audience: string) => [encodeText(typeof text === 'string' ? text : text(audience))]);
    this.#send(({ viewer, audience, isBehind }) => {
      if (isBehind || this.#lagging.has(viewer)) return [];
      return bytes(typeof text === 'string' ? '' : audience);
    });
  }

  endAll(): void {
    this.#reset(undefined, idlePacer());
    this.#bridge.endAll();
    this.#direct.endAll();
  }

  /** A bridge's socket has closed, with that code. */
  noteClosed(code: number): void {
    this.#bridge.noteClosed(code);
  }

  /** The Worker at the other end of a bridge has said this. */
  noteSaid(socket: WebSocket, text: string): void {
    this.#learnSent(this.#options.pulse().cursor);
    this.#bridge.noteSaid(socket, text);
  }

  #pace(frame: F): void {
    this.#pacer = addFrame(this.#pacer, frame);
    this.#takeTurn();
  }

  /** Sends what waits, or comes back when it may leave. A timer keeps the object awake, so there is none but while something waits. */
  #takeTurn(): void {
    const interval = frameIntervalMs({ direct: this.#direct.count, bridge: this.#bridge.count }, this.#pacer.sentBytes);
    const isBusy = interval > 0 && (this.#bridge.count > this.#direct.count ? this.#bridge : this.#direct).isBusy;
    const wait = waitMs(this.#pacer, interval, isBusy, this.#options.now());
    if (wait === 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#retakeTurn(), isBusy ? Math.min(wait, BATCH_INTERVAL_MS) : wait);
  }

  #retakeTurn(): void {
    this.#timer = undefined;
    this.#takeTurn();
  }

  #flush(): void {
    const { waiting, recent } = this.#pacer;
    const [first] = waiting;
    if (first === undefined) return;
    const merged = this.#options.merge(waiting);
    const [ahead, lagging] = [this.#ahead, this.#lagging];
    this.#reset(merged.to, leave(this.#pacer, merged, this.#options.now()));
    const frames = [...recent, merged];
    const bytes = remember((cursor: string | null) => {
      const lacking = framesAfter(waiting, cursor) ?? framesAfter(frames, cursor);
      return remember((audience: string) => (lacking === null ? this.#options.snapshot(audience) : this.#format(lacking, audience)));
    });
    const cursorOf = (viewer: Viewer): string | null => {
      const own = ahead.get(viewer) ?? lagging.get(viewer);
      return own === undefined ? first.from : own;
    };
    this.#sendOrPassOver(cursorOf, ({ viewer, audience }) => bytes(cursorOf(viewer))(audience));
    if (this.#lagging.size === 0) this.#pacer = forgetRecent(this.#pacer);
    else this.#catchUpStuck();
    this.#bridge.offerPulseWhenDurable();
  }

  #format(frames: readonly F[], audience: string): readonly Uint8Array[] {
    return frames.length === 0 ? [] : [encodeText(this.#options.format(frames, audience))];
  }

  /** Right for everybody, whatever they have. */
  #sendSnapshot(): void {
    this.#reset(this.#options.pulse().cursor, { ...idlePacer(), sentAt: this.#options.now() });
    const bytes = remember(this.#options.snapshot);
    this.#sendOrPassOver(
      () => null,
      ({ audience }) => bytes(audience),
    );
    this.#bridge.offerPulseWhenDurable();
  }

  #sendOrPassOver(cursorOf: (viewer: Viewer) => string | null, select: Select): void {
    this.#send((recipient) => {
      const { viewer, isBehind } = recipient;
      if (!isBehind) return select(recipient);
      this.#lagging.set(viewer, cursorOf(viewer));
      return [];
    });
  }

  /** For one that has taken what it had: what it was passed over with meanwhile, and then a pulse, as for one that comes back (D3). */
  #catchUp(viewer: Viewer, audience: string): readonly Uint8Array[] {
    const cursor = this.#lagging.get(viewer);
    if (cursor === undefined) return [];
    this.#lagging.delete(viewer);
    const heard = encodeText(formatPulseEvent('heard', this.#sentPulse()));
    const frames = this.#catchUps(cursor)(audience);
    if (frames !== null) return [...frames, heard];
    // The snapshot is at the head, and what waits leads there.
    if (this.#pacer.waiting.length > 0) this.#ahead.set(viewer, this.#options.pulse().cursor);
    return [...this.#options.snapshot(audience), heard];
  }

  /** Workers that are slow to take what they are sent do not say when they have. */
  #catchUpStuck(): void {
    if (this.#lagging.size === 0 || this.#bridge.catchUpStuck()) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#catchUpStuck();
    }, FRAME_INTERVAL_MOST_MS);
  }

  /** Good until frames leave. Null: only a snapshot will do. */
  #rememberCatchUps(): (cursor: string | null) => (audience: string) => readonly Uint8Array[] | null {
    return remember((cursor) => {
      const lacking = framesAfter(this.#pacer.recent, cursor);
      return remember((audience: string) => (lacking === null ? null : this.#format(lacking, audience)));
    });
  }

  #send(select: Select): void {
    this.#bridge.send(select);
    this.#direct.send(select);
  }

  /** Nothing waits any more, and `sent` is what everybody has. */
  #reset(sent: string | null | undefined, pacer: Pacer<F>): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pacer = pacer;
    this.#ahead = new Map();
    this.#lagging = new Map();
    this.#catchUps = this.#rememberCatchUps();
    this.#sent = sent;
  }

  /**
   * In an object that is new, the sockets that it found have what the pulse says that lies ready for their pings; but of those that were
   * behind it is not known.
   */
  #learnSent(unlessSockets: string | null): string | null | undefined {
    if (this.#sent !== undefined) return this.#sent;
    this.#sent = this.#bridge.count === 0 ? unlessSockets : this.#bridge.offeredCursor();
    for (const socket of this.#bridge.behind()) this.#lagging.set(socket, null);
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
