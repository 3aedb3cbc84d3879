import { describe, expect, test } from 'vitest';
import { parseAdminToken, parseClusterOptions, warnAbout } from '../../local/cluster-options.ts';

const EDGE = ['--edge', 'https://edge.example/'];
const SHARED = { edge: 'https://edge.example', adminTokenFile: null };

describe('arguments', () => {
  test.each([
    [['add', 'lab', ...EDGE], { ...SHARED, command: { verb: 'add', cluster: 'lab', displayName: null, wantsToken: false } }],
    [
      ['add', 'lab', ...EDGE, '--display-name', 'The lab', '--token'],
      { ...SHARED, command: { verb: 'add', cluster: 'lab', displayName: 'The lab', wantsToken: true } },
    ],
    [['rotate', 'lab', ...EDGE, '--token'], { ...SHARED, command: { verb: 'rotate', cluster: 'lab', wantsToken: true } }],
    [['revoke', 'lab', ...EDGE], { ...SHARED, command: { verb: 'revoke', cluster: 'lab' } }],
    [['remove', 'lab', ...EDGE, '--yes'], { ...SHARED, command: { verb: 'remove', cluster: 'lab', isConfirmed: true } }],
    [['remove', 'lab', ...EDGE], { ...SHARED, command: { verb: 'remove', cluster: 'lab', isConfirmed: false } }],
    [['list', ...EDGE, '--json'], { ...SHARED, command: { verb: 'list', isJson: true } }],
    [[...EDGE, '--admin-token-file', 't', 'list'], { ...SHARED, adminTokenFile: 't', command: { verb: 'list', isJson: false } }],
    [['--help'], 'help'],
  ])('%j', (args, options) => {
    expect(parseClusterOptions(args, {})).toEqual({ ok: true, value: options });
  });

  test('the edge may be in the environment; an argument is stronger', () => {
    const env = { HOSTVIEW_EDGE: 'http://localhost:8787' };
    expect(parseClusterOptions(['list'], env)).toMatchObject({ value: { edge: 'http://localhost:8787' } });
    expect(parseClusterOptions(['list', ...EDGE], env)).toMatchObject({ value: { edge: 'https://edge.example' } });
  });

  test.each([
    [[], /Say what to do: add, rotate, revoke, remove, list/],
    [['delete', 'lab', ...EDGE], /Say what to do/],
    [['toString', 'lab', ...EDGE], /Say what to do/],
    [['add', ...EDGE], /Name the cluster/],
    [['add', 'lab'], /Name the edge/],
    [['add', 'Lab', ...EDGE], /lower-case/],
    [['add', '../x', ...EDGE], /lower-case/],
    [['add', 'x'.repeat(64), ...EDGE], /at most 63/],
    [['add', 'lab', 'two', ...EDGE], /too much/],
    [['list', 'lab', ...EDGE], /too much/],
    [['revoke', 'lab', '--token', ...EDGE], /--token does not go with revoke/],
    [['list', '--yes', ...EDGE], /--yes does not go with list/],
    [['add', 'lab', '--display-name', ' ', ...EDGE], /--display-name/],
    [['list', '--admin-token', 's3cret', ...EDGE], /--admin-token/],
    [['list', '--edge', 'edge.example'], /http or https/],
    [['list', '--edge', 'ftp://edge.example'], /http or https/],
    [['list', '--edge', 'https://user:s3cret@edge.example'], /no user/],
    [['list', '--edge', 'https://edge.example/clusters'], /without a path: https:\/\/edge.example$/],
  ])('%j is refused', (args, message) => {
    const refused = parseClusterOptions(args, {});
    expect(refused).toEqual({ ok: false, error: expect.stringMatching(message) });
    expect(JSON.stringify(refused)).not.toContain('s3cret');
  });
});

test.each([
  [undefined, /HOSTVIEW_ADMIN_TOKEN/],
  ['', /HOSTVIEW_ADMIN_TOKEN/],
  [' \n', /HOSTVIEW_ADMIN_TOKEN/],
  ['two\nlines', /cannot carry/],
  ['schlüssel', /cannot carry/],
])('the admin token %j is none', (text, message) => {
  expect(parseAdminToken(text)).toEqual({ ok: false, error: expect.stringMatching(message) });
});
test('a file with the token ends with a line feed', () => expect(parseAdminToken('abc\n')).toEqual({ ok: true, value: 'abc' }));

test.each([
  ['https://edge.example', false],
  ['http://localhost:8787', false],
  ['http://127.0.0.1:1', false],
  ['http://[::1]:1', false],
  ['http://edge.example', true],
  ['http://127.0.0.1.example', true],
])('over %s the token is readable on the way: %s', (edge, isWarned) => {
  expect(warnAbout(edge) !== null).toBe(isWarned);
});
