/**
 * A viewer's end of an HTTP response with Server-Sent Events, as cheap as it can be: finds where events end and keeps the beginning of each.
 * A thousand of these share a processor with the server that is measured. Pure but for what it remembers.
 */

/** What is kept of each event: its id, its name and the first fields of its data. */
const KEPT_BYTES = 256;
const LINE_FEED = 0x0a;

export interface FoundEvent {
  /** The event's first bytes, as text. */
  readonly start: string;
  /** The whole event's, with the empty line that ends it; without HTTP's own. */
  readonly bytes: number;
}

export class EventReader {
  readonly #onEvent: (event: FoundEvent) => void;
  /** The response's head while it is not complete; null afterwards. */
  #head: string | null = '';
  #status = 0;
  #isChunked = false;
  #isOver = false;
  /** Of the chunk that is under way. */
  #chunkLeft = 0;
  /** The line that says how large the next chunk is, as far as it has come. */
  #sizeLine = '';
  readonly #kept: Buffer;
  #eventBytes = 0;
  #endsInLineFeed = false;

  constructor(onEvent: (event: FoundEvent) => void, keptBytes = KEPT_BYTES) {
    this.#onEvent = onEvent;
    this.#kept = Buffer.allocUnsafe(keptBytes);
  }

  /** Of the response; 0 until its head is complete. */
  get status(): number {
    return this.#head === null ? this.#status : 0;
  }

  /** Whether the response has ended in good order, which only a chunked one says. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The bytes may be overwritten afterwards. */
  feed(bytes: Buffer): void {
    const body = this.#head === null ? bytes : this.#takeHead(bytes, this.#head);
    if (body.length === 0) return;
    if (this.#isChunked) this.#takeChunks(body);
    else this.#takeBody(body);
  }

  #takeHead(bytes: Buffer, before: string): Buffer {
    const text = before + bytes.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#head = text;
      return bytes.subarray(bytes.length);
    }
    const head = text.slice(0, end);
    this.#head = null;
    this.#status = Number(head.split(' ', 2)[1]);
    this.#isChunked = /^transfer-encoding:\s*chunked\s*$/im.test(head);
    return bytes.subarray(end + 4 - before.length);
  }

  #takeChunks(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      if (this.#chunkLeft > 0) {
        const end = Math.min(bytes.length, at + this.#chunkLeft);
        this.#chunkLeft -= end - at;
        this.#takeBody(bytes.subarray(at, end));
        at = end;
      } else {
        const end = bytes.indexOf(LINE_FEED, at);
        this.#sizeLine += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
        at = end < 0 ? bytes.length : end + 1;
        if (end >= 0) this.#takeSizeLine();
      }
    }
  }

  /** The line break behind a chunk's data looks like an empty line of a size. */
  #takeSizeLine(): void {
    const line = this.#sizeLine.trim();
    this.#sizeLine = '';
    if (line === '') return;
    this.#chunkLeft = Number.parseInt(line, 16);
    this.#isOver = this.#chunkLeft === 0;
  }

  #takeBody(bytes: Buffer): void {
    let from = 0;
    // The empty line can be cut in two.
    if (this.#endsInLineFeed && bytes[0] === LINE_FEED) {
      this.#grow(bytes, 0, 1);
      this.#end();
      from = 1;
    }
    for (let end = bytes.indexOf('\n\n', from); end >= 0; end = bytes.indexOf('\n\n', from)) {
      this.#grow(bytes, from, end + 2);
      this.#end();
      from = end + 2;
    }
    this.#grow(bytes, from, bytes.length);
    this.#endsInLineFeed = this.#eventBytes > 0 && bytes[bytes.length - 1] === LINE_FEED;
  }

  #grow(bytes: Buffer, from: number, to: number): void {
    if (this.#eventBytes < this.#kept.length) bytes.copy(this.#kept, this.#eventBytes, from, to);
    this.#eventBytes += to - from;
  }

  #end(): void {
    const bytes = this.#eventBytes;
    this.#eventBytes = 0;
    this.#onEvent({ start: this.#kept.toString('latin1', 0, Math.min(bytes, this.#kept.length)), bytes });
  }
}

/** What an event brings a viewer to. `from` is null for a snapshot, which stands on nothing before it. */
export interface Step {
  readonly from: number | null;
  readonly to: number;
}

/** Null for what is neither frame nor snapshot. Revisions, without their epoch. */
export function readStep(start: string): Step | null {
  const frame = /"from":"[^"-]*-(\d+)","to":"[^"-]*-(\d+)"/.exec(start);
  if (frame !== null) return { from: Number(frame[1]), to: Number(frame[2]) };
  if (!/^event: snapshot$/m.test(start)) return null;
  const snapshot = /^id: [^-\n]*-(\d+)$/m.exec(start);
  return snapshot === null ? null : { from: null, to: Number(snapshot[1]) };
}

/** What the server wants to be told as `Last-Event-ID`; null where the event has none. */
export const readId = (start: string): string | null => /^id: (.*)$/m.exec(start)?.[1] ?? null;
