/** Viewers that only count what they are sent. */
import { type ClientRequest, get } from 'node:http';

export interface CountingViewers {
  /** How long each took to be answered with its first bytes. Milliseconds. */
  readonly openedMs: readonly number[];
  /** Events with news of the cluster, all viewers together: frames, `heard`, progress; not the pings, which come by the clock. */
  readonly events: number;
  readonly bytes: number;
  /** Resolves when each has been sent this cursor's frame. */
  reach(cursor: string, withinMs: number): Promise<void>;
  close(): void;
}

const LOOK_EVERY_MS = 5;
/** Each event has one such line. */
const EVENT = /^event: (frame|heard|progress)$/gm;
const ID = /^id: (\S+)$/gm;

export async function openCountingViewers(port: number, path: string, count: number): Promise<CountingViewers> {
  const requests: ClientRequest[] = [];
  const cursors = Array.from({ length: count }, () => '');
  const openedMs: number[] = [];
  let events = 0;
  let bytes = 0;
  let failure: Error | null = null;
  let isClosing = false;
  const fail = (error: Error): void => {
    if (!isClosing) failure ??= error;
  };

  const open = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const asked = get({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
        if (answer.statusCode !== 200) return void reject(new Error(`a viewer was answered ${answer.statusCode}`));
        let rest = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          if (openedMs.length <= index) openedMs.push(performance.now() - startedAt);
          const text = rest + chunk;
          const end = text.lastIndexOf('\n') + 1;
          rest = text.slice(end);
          const lines = text.slice(0, end);
          events += lines.match(EVENT)?.length ?? 0;
          cursors[index] = [...lines.matchAll(ID)].at(-1)?.[1] ?? cursors[index] ?? '';
          bytes += chunk.length;
          resolve();
        });
        answer.once('error', fail);
        answer.once('end', () => fail(new Error('a stream has ended')));
      });
      asked.once('error', (error) => {
        fail(error);
        reject(error);
      });
      requests.push(asked);
    });
  // One after the other: how long each takes is measured.
  for (let index = 0; index < count; index++) await open(index);
  events = 0;
  bytes = 0;
  return {
    openedMs,
    get events() {
      return events;
    },
    get bytes() {
      return bytes;
    },
    reach: async (cursor, withinMs) => {
      const until = performance.now() + withinMs;
      while (cursors.some((one) => one !== cursor)) {
        if (failure !== null) throw failure;
        if (performance.now() > until)
          throw new Error(`${cursors.filter((one) => one !== cursor).length} viewers have not been sent ${cursor}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    close: () => {
      isClosing = true;
      for (const asked of requests) asked.destroy();
    },
  };
}
