import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame, Pulse, Snapshot } from '../../../core/downlink.ts';
import { STREAM_SILENT_AFTER_MS } from '../../../core/limits.ts';
import { err, ok } from '../../../core/result.ts';
import { createFrameBuffer } from '../../../web/rendering/frame.ts';
import type { Failure } from '../../../web/stream/answer.ts';
import { streamAddress } from '../../../web/stream/api.ts';
import type { ConnectionState } from '../../../web/stream/connection-state.ts';
import { OPENING_SILENT_AFTER_MS, openStream, type StreamSource } from '../../../web/stream/stream.ts';

/** An EventSource that a test speaks through. */
class FakeSource extends EventTarget {
  onerror: (() => void) | null = null;
  isClosed = false;
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
  }
  close(): void {
    this.isClosed = true;
  }
  say(name: 'snapshot' | 'frame' | 'heard' | 'ping', data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: typeof data === 'string' ? data : JSON.stringify(data) }));
  }
}

const snapshotAt = (cursor: string): Snapshot => ({ cluster: 'lab', cursor, now: 0, lastHeard: 0, digest: '', hosts: [], vms: [] });
const frame = (from: string, to: string): Frame => ({ from, to, at: 0, digest: '' });
const pulse = (cursor: string): Pulse => ({ cursor, now: 0, lastHeard: 0 });

function start(answers: (Snapshot | null | Failure)[]) {
  const sources: FakeSource[] = [];
  const asked: (string | null)[] = [];
  const reported: (string | null)[] = [];
  const held: { drift: string | null } = { drift: null };
  const states: ConnectionState[] = [];
  const buffer = createFrameBuffer(
    () => () => {},
    () => {},
  );
  const source: StreamSource<Snapshot> = {
    fetchSnapshot: async (cursor, _signal, drift) => {
      asked.push(cursor);
      reported.push(drift);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('the test did not expect another request');
      return answer !== null && 'kind' in answer ? err(answer) : ok(answer);
    },
    open: (cursor) => {
      const opened = new FakeSource(streamAddress('lab', cursor));
      sources.push(opened);
      return opened as unknown as EventSource;
    },
  };
  const stream = openStream(
    source,
    {
      cursor: buffer.cursor,
      drift: () => held.drift,
      readSnapshot: (snapshot) => {
        buffer.putSnapshot(snapshot);
        held.drift = null;
      },
      readFrame: buffer.putFrame,
      readProgress: () => {},
      readPulse: () => {},
      readState: (state) => states.push(state),
    },
    { now: () => Date.now(), random: () => 0.5 },
  );
  const newest = (): FakeSource => {
    const source = sources.at(-1);
    if (source === undefined) throw new Error('no stream was opened');
    return source;
  };
  return { stream, buffer, sources, asked, reported, held, newest, state: () => states.at(-1) };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('the stream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('loads the snapshot, then streams from its cursor (D1)', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    expect(page.newest().address).toBe('/api/v1/clusters/lab/stream?cursor=e-1');
    expect(page.state()?.name).toBe('opening');
    page.newest().say('heard', pulse('e-1'));
    expect(page.state()?.name).toBe('live');
    page.newest().say('frame', frame('e-1', 'e-2'));
    expect(page.buffer.cursor()).toBe('e-2');
  });

  it('takes an answer that is no snapshot for trouble, and asks again', async () => {
    const page = start([{ hosts: 'none' } as unknown as Snapshot, snapshotAt('e-1')]);
    await settle();
    expect(page.state()).toMatchObject({ name: 'reconnecting', trouble: 'server' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.newest().address).toContain('cursor=e-1');
  });

  it('takes a silent stream for dead, closes it and resumes by the cursor it has', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    page.newest().say('frame', frame('e-1', 'e-2'));
    await vi.advanceTimersByTimeAsync(STREAM_SILENT_AFTER_MS - 1);
    expect(page.state()?.name).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(page.state()?.name).toBe('reconnecting');
    expect(page.sources[0]?.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.sources).toHaveLength(2);
    expect(page.newest().address).toContain('cursor=e-2');
  });

  it('any event keeps it alive', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    for (let pings = 0; pings < 5; pings++) {
      page.newest().say('ping', pulse('e-1'));
      await vi.advanceTimersByTimeAsync(STREAM_SILENT_AFTER_MS - 1);
    }
    expect(page.state()?.name).toBe('live');
    expect(page.sources).toHaveLength(1);
  });

  it('asks by GET when an opened stream never speaks: the status is learnt there', async () => {
    const page = start([snapshotAt('e-1'), { kind: 'refused', refusal: 'access-closed', detail: 'closed' }]);
    await settle();
    await vi.advanceTimersByTimeAsync(OPENING_SILENT_AFTER_MS + 1_000);
    expect(page.asked).toEqual([null, 'e-1']);
    expect(page.state()).toEqual({ name: 'refused', refusal: 'access-closed', detail: 'closed' });
  });

  it('stops for good when it is refused', async () => {
    const page = start([{ kind: 'refused', refusal: 'unknown-cluster' }]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page.asked).toHaveLength(1);
    expect(page.sources).toHaveLength(0);
  });

  it('a refused snapshot request is tried again with growing delays', async () => {
    const trouble: Failure = { kind: 'trouble', trouble: 'network' };
    const page = start([trouble, trouble, trouble, snapshotAt('e-1')]);
    await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    expect(page.asked).toHaveLength(4);
    expect(page.state()?.name).toBe('opening');
  });

  it('a frame that does not follow fetches the whole picture (D2)', async () => {
    const page = start([snapshotAt('e-1'), snapshotAt('e-5')]);
    await settle();
    page.newest().say('frame', frame('e-3', 'e-4'));
    expect(page.buffer.cursor()).toBe('e-1');
    expect(page.state()).toMatchObject({ name: 'reconnecting', trouble: 'gap' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.newest().address).toContain('cursor=e-5');
  });

  it('an event that cannot be read counts as lost', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    page.newest().say('heard', pulse('e-1'));
    page.newest().say('frame', '{"from":');
    expect(page.state()).toMatchObject({ name: 'reconnecting', trouble: 'gap' });
  });

  it('two pulses that are ahead and no frame: something was lost (D3)', async () => {
    const page = start([snapshotAt('e-1'), snapshotAt('e-2')]);
    await settle();
    page.newest().say('heard', pulse('e-2'));
    expect(page.state()?.name).toBe('live');
    page.newest().say('heard', pulse('e-2'));
    expect(page.state()).toMatchObject({ name: 'reconnecting', trouble: 'gap', next: 'load' });
  });

  it('gives its connection back when hidden, ignores what was queued, and resumes when shown', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    const first = page.newest();
    first.say('heard', pulse('e-1'));
    page.stream.hide();
    expect(first.isClosed).toBe(true);
    first.say('frame', frame('e-1', 'e-2'));
    expect(page.buffer.cursor()).toBe('e-1');
    page.stream.show();
    expect(page.sources).toHaveLength(2);
    expect(page.newest().address).toContain('cursor=e-1');
  });

  it('after a sleep the stream is not trusted', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    page.newest().say('heard', pulse('e-1'));
    page.stream.distrust();
    expect(page.state()).toMatchObject({ name: 'reconnecting', next: 'open' });
  });

  it('a picture that is in doubt is fetched anew, with the report of it until it has come (D6)', async () => {
    const page = start([snapshotAt('e-1'), { kind: 'trouble', trouble: 'network' }, snapshotAt('e-1')]);
    await settle();
    page.newest().say('heard', pulse('e-1'));
    page.held.drift = 'e-1 0123456789abcdef';
    page.stream.doubt();
    expect(page.sources[0]?.isClosed).toBe(true);
    // Hidden meanwhile, it must not come back by the cursor of the picture that is wrong.
    page.stream.hide();
    page.stream.show();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(page.reported).toEqual([null, 'e-1 0123456789abcdef', 'e-1 0123456789abcdef']);
    expect(page.held.drift).toBeNull();
    expect(page.sources).toHaveLength(2);
  });

  it('refused for want of a login, it goes on from its cursor when the visitor has signed in', async () => {
    const page = start([snapshotAt('e-1'), { kind: 'refused', refusal: 'login-required' }, null]);
    await settle();
    page.newest().say('heard', pulse('e-1'));
    page.newest().onerror?.();
    await vi.advanceTimersByTimeAsync(500);
    page.newest().onerror?.();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page.state()).toEqual({ name: 'refused', refusal: 'login-required' });
    expect(page.asked).toEqual([null, 'e-1']);
    page.stream.admit();
    await settle();
    expect(page.asked).toEqual([null, 'e-1', 'e-1']);
    expect(page.newest().address).toContain('cursor=e-1');
  });

  it('closed, it does nothing more', async () => {
    const page = start([snapshotAt('e-1')]);
    await settle();
    page.stream.close();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page.sources).toHaveLength(1);
    expect(page.newest().isClosed).toBe(true);
  });
});
