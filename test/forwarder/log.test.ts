import { expect, test } from 'vitest';
import { createLog, type LogFields, type LogFormat, type LogLevel } from '../../forwarder/log.ts';

function linesOf(level: LogLevel, format: LogFormat, message = 'hello', fields?: LogFields): readonly string[] {
  const lines: string[] = [];
  const log = createLog({ level, format, write: (line) => lines.push(line), now: () => new Date(0) });
  for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each](message, fields);
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

test('what a line is about has fields of its own in JSON, and only there', () => {
  const fields: LogFields = { cluster: 'lab', status: 409, outcome: 'gap', session: 3, batch: 7 };
  expect(linesOf('error', 'text', 'a gap', fields)).toEqual(['error: a gap\n']);
  expect(linesOf('error', 'json', 'a gap', fields).map((line) => JSON.parse(line))).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'error', message: 'a gap', ...fields },
  ]);
});

test('no control character is in a JSON line either, in whatever field', () => {
  const [line = ''] = linesOf('error', 'json', 'a\u001b[2J\u009b\u007f', { holder: 'x\n\u0085' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(JSON.parse(line)).toMatchObject({ level: 'error', holder: expect.stringMatching(/^x\n/) });
});
