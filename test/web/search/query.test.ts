import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuery, parseQuery, type QueryProblem, replaceIn, type Term } from '../../../web/search/query.ts';
import { MARKS, QUERY_KEYS } from '../../../web/search/query-keys.ts';
import { EN_VALUES as EN, ZH_VALUES as ZH } from '../../support/query-words.ts';

const text = (...values: Term['values']): Term => ({ isNot: false, key: null, values });
const key = (name: Term['key'], ...values: Term['values']): Term => ({ isNot: false, key: name, values });
const not = (term: Term): Term => ({ ...term, isNot: true });

describe('a query', () => {
  it.each<[typed: string, terms: readonly Term[], formatted?: string]>([
    ['', []],
    ['  \u3000 ', [], ''],
    ['web', [text(['web'])]],
    ['web 数据库', [text(['web']), text(['数据库'])]],
    ['web,db', [text(['web'], ['db'])]],
    ['"two words"', [text(['two words'])]],
    ['“two words”', [text(['two words'])], '"two words"'],
    ['-web', [not(text(['web']))]],
    ['!web', [not(text(['web']))], '-web'],
    ['"-web"', [text(['-web'])], '""-web'],
    ['-"-web"', [not(text(['-web']))], '-""-web'],
    ['--web', [not(text(['-web']))], '-""-web'],
    ['- ! -- ""', [not(text(['-']))], '-""-'],
    ['web*', [text(['web', ''])]],
    ['*-db', [text(['', '-db'])]],
    ['a**b***', [text(['a', 'b', ''])], 'a*b*'],
    ['*', [], ''],
    ['"a*"*', [text(['a*', ''])]],
    ['"say \\"hi\\" \\\\"', [text(['say "hi" \\'])]],
    ['back\\slash', [text(['back\\slash'])], '"back\\\\slash"'],
    ['host:host-1', [key('host', ['host-1'])]],
    ['HOST:a,b', [key('host', ['a'], ['b'])], 'host:a,b'],
    ['node:a namespace:b status:off', [key('host', ['a']), key('ns', ['b']), key('state', ['off'])], 'host:a ns:b state:off'],
    ['host：a，b、c', [key('host', ['a'], ['b'], ['c'])], 'host:a,b,c'],
    ['！host:"a,b"', [not(key('host', ['a,b']))], '-host:"a,b"'],
    ['os:""', [key('os', [''])]],
    ['os:*', [key('os', ['', ''])]],
    ['state:error,paused', [key('state', ['error'], ['paused'])]],
    ['state:"not ready"', [key('state', ['not-ready'])], 'state:not-ready'],
    ['state:un', [key('state', ['unschedulable'], ['unknown'])], 'state:unschedulable,unknown'],
    [
      'state:*ing,running',
      [key('state', ...['running', 'starting', 'stopping', 'provisioning', 'terminating', 'restarting'].map((name) => [name] as const))],
      'state:running,starting,stopping,provisioning,terminating,restarting',
    ],
    ['stage:"copying memory"', [key('stage', ['transferring'])], 'stage:transferring'],
    ['is:moving,stuck -is:danger', [key('is', ['moving'], ['stuck']), not(key('is', ['danger']))]],
    ['label:team=web,db label:app', [key('label', ['team=web'], ['team=db']), key('label', ['app'])], 'label:team=web,team=db label:app'],
    ['label:te*=a,b*', [key('label', ['te', '=a'], ['te', '=b', ''])], 'label:te*=a,te*=b*'],
    ['10.0.0.1:80', [text(['10.0.0.1:80'])], '"10.0.0.1:80"'],
    ['"host":a', [text(['host:a'])], '"host:a"'],
    [':a', [text([':a'])], '":a"'],
  ])('%j is %j', (typed, terms, formatted = typed) => {
    const query = parseQuery(typed, EN);
    expect(query.terms).toEqual(terms);
    expect(query.problems).toEqual([]);
    expect(formatQuery(query)).toBe(formatted);
  });

  it('knows the words of its reader, and says them in words that every reader’s page knows', () => {
    const query = parseQuery('state:运行中,已 cause:手动发起 is:需要处理', ZH);
    expect(query.problems).toEqual([]);
    expect(formatQuery(query)).toBe('state:running,paused,off cause:user is:attention');
    expect(parseQuery(formatQuery(query), EN)).toEqual(query);
  });

  it.each<[typed: string, problem: Partial<QueryProblem>, terms: readonly Term[], fixed?: string]>([
    ['web sate:error', { kind: 'unknown-key', word: 'sate', nearest: 'state' }, [text(['web']), text(['sate:error'])], 'web FIX:error'],
    ['-sate:a,b', { kind: 'unknown-key', word: 'sate' }, [not(text(['sate:a,b']))], '-FIX:a,b'],
    ['colour:red', { kind: 'unknown-key', word: 'colour', nearest: null }, [text(['colour:red'])], 'FIX:red'],
    ['toString:x', { kind: 'unknown-key', word: 'toString' }, [text(['toString:x'])], 'FIX:x'],
    [
      'state:runing,off x',
      { kind: 'unknown-value', key: 'state', word: 'runing' },
      [key('state', ['runing'], ['off']), text(['x'])],
      'state:FIX,off x',
    ],
    ['state:"no such"', { kind: 'unknown-value', word: 'no such' }, [key('state', ['no such'])], 'state:FIX'],
    ['is:x*y*', { kind: 'unknown-value', word: 'x*y*' }, [key('is', ['x', 'y', ''])], 'is:FIX'],
    ['is:""', { kind: 'unknown-value', word: '' }, [key('is', [''])], 'is:FIX'],
    ['is:toString', { kind: 'unknown-value', word: 'toString' }, [key('is', ['toString'])], 'is:FIX'],
    ['state: x', { kind: 'no-value', key: 'state' }, [text(['x'])], 'state:FIX x'],
    ['host:,', { kind: 'no-value', key: 'host', known: [] }, [], 'host:FIX,'],
    ['web "two wo', { kind: 'open-quote' }, [text(['web']), text(['two wo'])], 'web FIX'],
  ])('%j has its problem told', (typed, problem, terms, fixed) => {
    const query = parseQuery(typed, EN);
    expect(query.terms).toEqual(terms);
    expect(query.problems).toHaveLength(1);
    const [told] = query.problems;
    expect(told).toMatchObject(problem);
    if (told !== undefined && fixed !== undefined) expect(replaceIn(typed, told, 'FIX')).toBe(fixed);
  });

  it('tells each problem once, where it stands first', () => {
    const { problems } = parseQuery('staet:a state:zzz,zzz staet:b host: state:zzz os: host: "', EN);
    expect(problems.map(({ kind, start }) => `${kind} ${start}`)).toEqual([
      'unknown-key 0',
      'unknown-value 14',
      'no-value 35',
      'no-value 49',
      'open-quote 56',
    ]);
  });

  const sign = fc.constantFrom(...'ab*"“”\\:：,，、-!－！ ='.split(''));
  const piece = fc.oneof(
    sign,
    fc.constantFrom(...QUERY_KEYS, ...MARKS, 'state:', 'label:', 'running', '运行中'),
    fc.string({ unit: 'grapheme' }),
  );
  const typed = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

  it('is read whatever is typed, and means the same when it is written out', () => {
    fc.assert(
      fc.property(typed, fc.constantFrom(EN, ZH), (query, words) => {
        const { terms, problems } = parseQuery(query, words);
        for (const { start, end } of problems) expect(0 <= start && start <= end && end <= query.length).toBe(true);
        const formatted = formatQuery({ terms });
        expect(parseQuery(formatted, words).terms).toEqual(terms);
        // What is not known here may be a word of the other language.
        if (problems.some(({ kind }) => kind === 'unknown-value')) return;
        for (const others of [EN, ZH]) expect(parseQuery(formatted, others).terms).toEqual(terms);
      }),
      { numRuns: 1_000 },
    );
  });
});
