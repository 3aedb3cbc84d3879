import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventReader, type FoundEvent, readId, readStep } from '../../bench/fanout-events.ts';

const EVENTS = [
  'retry: 1000\n\n',
  'id: abc-7\nevent: frame\ndata: {"from":"abc-6","to":"abc-7","at":1}\n\n',
  `event: heard\ndata: ${'x'.repeat(700)}\n\n`,
  ': hi\n\n',
];
const FOUND = EVENTS.map((event) => ({ start: event.slice(0, 256), bytes: event.length }));

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const plain = (body: string): string => `${HEAD}\r\n${body}`;
const inChunks = (chunks: readonly string[]): string =>
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}`;

/** Cuts a text at the given places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % text.length))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index])).filter((piece) => piece !== '');
}

/** Feeds pieces through one buffer, as the sockets do. */
function read(pieces: readonly string[], keptBytes?: number): { reader: EventReader; found: FoundEvent[] } {
  const found: FoundEvent[] = [];
  const reader = new EventReader((event) => found.push(event), keptBytes);
  const shared = Buffer.alloc(4_096);
  for (const piece of pieces) reader.feed(shared.subarray(0, shared.write(piece, 'latin1')));
  return { reader, found };
}

const places = fc.array(fc.nat(), { maxLength: 30 });

test('the same events wherever the network cuts, with and without chunks', () => {
  fc.assert(
    fc.property(places, places, (chunks, reads) => {
      const body = EVENTS.join('');
      expect(read(cut(plain(body), reads)).found).toEqual(FOUND);
      expect(read(cut(inChunks(cut(body, chunks)), reads)).found).toEqual(FOUND);
    }),
  );
});

test('byte by byte, so that every line break is cut', () => {
  const pieces = [...inChunks([...EVENTS.join('')])];
  expect(read(pieces).found).toEqual(FOUND);
});

test('an event that has not ended is none yet', () => {
  expect(read([plain('id: abc-7\ndata: {}\n')]).found).toEqual([]);
});

test('the status once the head is there, and the end of a chunked response', () => {
  expect(read([HEAD]).reader.status).toBe(0);
  expect(read(['HTTP/1.1 503 Busy\r\n\r\n']).reader.status).toBe(503);
  expect(read([inChunks(EVENTS)]).reader.isOver).toBe(false);
  expect(read([inChunks(EVENTS), '0\r\n\r\n']).reader).toMatchObject({ status: 200, isOver: true });
});

test('as much of an event is kept as was asked for', () => {
  const starts = (keptBytes: number): string[] => read([plain(EVENTS.join(''))], keptBytes).found.map(({ start }) => start);
  expect(starts(4)).toEqual(EVENTS.map((event) => event.slice(0, 4)));
  expect(starts(4_096)).toEqual(EVENTS);
});

test('what an event brings a viewer to, as the edge writes it and as nchan does', () => {
  expect(readStep('id: e1-12\nevent: frame\ndata: {"from":"e1-9","to":"e1-12","at":5')).toEqual({ from: 9, to: 12 });
  expect(readStep('event: frame\nid: 1795655322:0\ndata: {"from":"e1-1","to":"e1-2"')).toEqual({ from: 1, to: 2 });
  expect(readStep('id: e1-12\nevent: snapshot\ndata: {"cluster":"lab"')).toEqual({ from: null, to: 12 });
  expect(readStep('event: heard\ndata: {"cursor":"e1-12"}')).toBeNull();
  expect(readStep(': hi')).toBeNull();
});

test('the id to come back with', () => {
  expect(readId('event: frame\nid: 1795655322:0\ndata: {}')).toBe('1795655322:0');
  expect(readId('event: heard\ndata: {}')).toBeNull();
});
