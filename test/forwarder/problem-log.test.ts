import { expect, test } from 'vitest';
import { createLog } from '../../forwarder/log.ts';
import { ProblemLog } from '../../forwarder/problem-log.ts';

function create() {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'text', write: (line) => lines.push(line.trimEnd()), now: () => new Date(0) });
  return { lines, problems: new ProblemLog(log, 'works again') };
}

test('several sources with one problem make one line, and its end another', () => {
  const { lines, problems } = create();
  for (const source of ['a', 'b', 'a', 'b']) problems.raise(source, 'refused');
  problems.clear('a');
  expect(lines).toEqual(['warn: refused']);
  problems.clear('b');
  problems.clear('b');
  expect(lines).toEqual(['warn: refused', 'info: works again']);
  problems.raise('a', 'refused');
  expect(lines).toHaveLength(3);
});

test('another problem is news, another wording of the same topic is not', () => {
  const { lines, problems } = create();
  problems.raise('a', 'refused', 'unreachable');
  problems.raise('a', 'broke off', 'unreachable');
  problems.raise('a', 'not allowed');
  expect(lines).toEqual(['warn: refused', 'warn: not allowed']);
});

test('what is wrong now can be asked for, each thing once, in its last words', () => {
  const { problems } = create();
  expect(problems.present).toEqual([]);
  problems.raise('a', 'refused', 'unreachable');
  problems.raise('b', 'broke off', 'unreachable');
  problems.raise('c', 'not allowed');
  expect(problems.present).toEqual(['broke off', 'not allowed']);
  for (const source of ['a', 'b']) problems.clear(source);
  expect(problems.present).toEqual(['not allowed']);
});

test('a source that is of no interest any more hides nothing, and its end is no recovery', () => {
  const { lines, problems } = create();
  problems.raise('a', 'refused');
  problems.forget('a');
  expect(lines).toEqual(['warn: refused']);
  problems.raise('b', 'refused');
  expect(lines).toEqual(['warn: refused', 'warn: refused']);
});
