import { expect, test } from 'vitest';
import { createLog, type LogFormat, type LogLevel } from '../../forwarder/log.ts';

function linesOf(level: LogLevel, format: LogFormat, message = 'hello'): readonly string[] {
  const lines: string[] = [];
  const log = createLog({ level, format, write: (line) => lines.push(line), now: () => new Date(0) });
  for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each](message);
  return lines;
}

test('lines of at least the level, with their level in front', () => {
  expect(linesOf('warn', 'text')).toEqual(['warn: hello\n', 'error: hello\n']);
  expect(linesOf('debug', 'text')).toHaveLength(4);
});

test('one JSON object a line', () => {
  expect(linesOf('error', 'json', 'a "quoted"\nword').map((line) => JSON.parse(line))).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'error', message: 'a "quoted"\nword' },
  ]);
});

test('what a server says cannot make lines of its own or move the cursor', () => {
  expect(linesOf('error', 'text', 'a\nerror: forged\u001b[2J')).toEqual(['error: a error: forged [2J\n']);
});
