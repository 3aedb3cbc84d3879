/**
 * A process full of viewers: plain sockets that note when which revision arrived, and nothing else. Started and asked by
 * fanout-audience.ts, over Node's channel between processes.
 */
import { connect, type Socket } from 'node:net';
import type { Answer, Ask, Frozen, Noted, OpenViewers } from './fanout-audience.ts';
import { now } from './fanout-clock.ts';
import { EventReader, type FoundEvent, readId, readStep } from './fanout-events.ts';

/** All sockets read into this one, in turn: nothing of it is kept. */
const shared = Buffer.alloc(262_144);
/** Of the one viewer whose events are read whole. */
const WHOLE_EVENT_BYTES = 8 * 1_048_576;
/** As a browser would, but always the same. */
const COME_AGAIN_MS = 1_000;
const LOOK_EVERY_MS = 10;
/** More at once would overflow the queue of connections that the server has not accepted. */
const OPEN_AT_ONCE_COUNT = 50;

interface Records {
  viewers: number[];
  revisions: number[];
  times: number[];
  bytes: number[];
}
const emptyRecords = (): Records => ({ viewers: [], revisions: [], times: [], bytes: [] });

let records = emptyRecords();
let trouble: Omit<Noted, 'deliveries'> = { cutOffs: [], gaps: 0, malformed: 0, refused: 0 };

class Viewer {
  readonly #number: number;
  readonly #target: OpenViewers;
  readonly #isReadWhole: boolean;
  #socket: Socket;
  #reader: EventReader;
  #lastId: string | null = null;
  #isFrozen = false;
  #isClosed = false;
  /** The newest that it has. */
  revision: number;

  constructor(number: number, target: OpenViewers, isReadWhole: boolean) {
    this.#number = number;
    this.#target = target;
    this.#isReadWhole = isReadWhole;
    this.revision = target.revision;
    this.#reader = this.#newReader();
    this.#socket = this.#connect();
  }

  get isOpen(): boolean {
    return this.#reader.status === 200;
  }

  get counts(): boolean {
    return !this.#isFrozen;
  }

  freeze(): Frozen {
    this.#isFrozen = true;
    this.#socket.pause();
    return { viewer: this.#number, port: this.#socket.localPort ?? 0 };
  }

  /** Reads again; if it finds itself cut off it comes again like the others. */
  thaw(): void {
    this.#isFrozen = false;
    this.#socket.resume();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #newReader = (): EventReader => new EventReader((event) => this.#note(event), this.#isReadWhole ? WHOLE_EVENT_BYTES : undefined);

  #connect(): Socket {
    const { port, path } = this.#target;
    const reader = this.#newReader();
    this.#reader = reader;
    const socket = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: shared,
        callback: (length) => {
          reader.feed(shared.subarray(0, length));
          return true;
        },
      },
    });
    const again = this.#lastId === null ? '' : `Last-Event-ID: ${this.#lastId}\r\n`;
    socket.setNoDelay(true);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n${again}\r\n`);
    // What went wrong is told by the end that follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#ended());
    return socket;
  }

  #ended(): void {
    if (this.#isClosed) return;
    if (this.#reader.status === 200) trouble.cutOffs.push({ viewer: this.#number, at: now() });
    else trouble.refused += 1;
    setTimeout(() => {
      if (!this.#isClosed) this.#socket = this.#connect();
    }, COME_AGAIN_MS);
  }

  #note({ start, bytes }: FoundEvent): void {
    const at = now();
    const step = readStep(start.length > 512 ? start.slice(0, 512) : start);
    if (step === null) return;
    if (this.#isReadWhole && !isWhole(start)) trouble.malformed += 1;
    if (step.from !== null && step.from !== this.revision) trouble.gaps += 1;
    this.revision = step.to;
    this.#lastId = readId(start);
    records.viewers.push(this.#number);
    records.revisions.push(step.to);
    records.times.push(at);
    records.bytes.push(bytes);
  }
}

/** Whether the event's data is JSON with VMs in it. */
function isWhole(event: string): boolean {
  try {
    const data = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as { vms?: unknown };
    return Array.isArray(data.vms) && data.vms.length > 0;
  } catch {
    return false;
  }
}

let viewers: Viewer[] = [];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How many have no stream when the time is over. */
async function open(target: OpenViewers): Promise<number> {
  const until = now() + target.withinMs;
  const closed = (): number => viewers.filter(({ isOpen }) => !isOpen).length;
  const settle = async (): Promise<void> => {
    while (closed() > 0 && now() < until) await pause(LOOK_EVERY_MS);
  };
  for (let index = 0; index < target.count; index++) {
    viewers.push(new Viewer(target.first + index, target, target.first + index === 0));
    if (viewers.length % OPEN_AT_ONCE_COUNT === 0) await settle();
  }
  await settle();
  return closed();
}

async function reach(revision: number, withinMs: number): Promise<number> {
  const until = now() + withinMs;
  const behind = (): number => viewers.filter((viewer) => viewer.counts && viewer.revision < revision).length;
  while (behind() > 0 && now() < until) await pause(LOOK_EVERY_MS);
  return behind();
}

function take(): Noted {
  const { viewers: who, revisions, times, bytes } = records;
  const noted: Noted = {
    ...trouble,
    deliveries: {
      viewers: Float64Array.from(who),
      revisions: Float64Array.from(revisions),
      times: Float64Array.from(times),
      bytes: Float64Array.from(bytes),
    },
  };
  records = emptyRecords();
  trouble = { cutOffs: [], gaps: 0, malformed: 0, refused: 0 };
  return noted;
}

async function answer(ask: Ask): Promise<unknown> {
  switch (ask.do) {
    case 'open':
      return open(ask.target);
    case 'reach':
      return reach(ask.revision, ask.withinMs);
    case 'freeze':
      return viewers.at(-1)?.freeze();
    case 'thaw':
      return viewers.at(-1)?.thaw();
    case 'take':
      return take();
    case 'close':
      for (const viewer of viewers) viewer.close();
      viewers = [];
      return null;
  }
}

process.on('message', (ask: Ask) => {
  void answer(ask).then((value) => process.send?.({ id: ask.id, value } satisfies Answer));
});
// The one who asks has gone.
process.on('disconnect', () => process.exit());
