import { expect, test } from 'vitest';
import { selectProxy } from '../../forwarder/proxy-env.ts';

const HTTPS = 'https://edge.example.org';
const PROXY = 'http://proxy:3128';

test.each<[string, string, Record<string, string>, string | null]>([
  ['none', HTTPS, {}, null],
  ['an empty one', HTTPS, { HTTPS_PROXY: ' ' }, null],
  ['for https', HTTPS, { HTTPS_PROXY: PROXY, HTTP_PROXY: 'http://other' }, `${PROXY}/`],
  ['for http', 'http://edge', { HTTPS_PROXY: 'http://other', HTTP_PROXY: PROXY }, `${PROXY}/`],
  ['for http alone', HTTPS, { HTTP_PROXY: PROXY }, null],
  ['lower case first', HTTPS, { HTTPS_PROXY: 'http://other', https_proxy: PROXY }, `${PROXY}/`],
  ['lower case, but empty', HTTPS, { HTTPS_PROXY: PROXY, https_proxy: '' }, `${PROXY}/`],
  ['without a scheme', HTTPS, { HTTPS_PROXY: 'proxy:3128' }, `${PROXY}/`],
  ['with a login and without a scheme', HTTPS, { HTTPS_PROXY: 'me:pass@proxy:3128' }, 'http://me:pass@proxy:3128/'],
  ['that speaks TLS', HTTPS, { HTTPS_PROXY: 'https://proxy' }, 'https://proxy/'],
  ['not for a network', 'https://10.1.2.3:8443', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.b, 10.0.0.0/8' }, null],
  ['but for an address outside of it', 'https://11.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, `${PROXY}/`],
  ['not for a network of IPv6', 'https://[fd00::7]', { HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::/8' }, null],
  [
    'whatever else a network may look like',
    'https://10.1.2.3',
    { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/99,/,x/8,10.0.0.0/' },
    `${PROXY}/`,
  ],
])('%s', (_what, edge, env, expected) => {
  const proxy = selectProxy(edge, env);
  expect(proxy.ok && (proxy.value?.url ?? null)).toBe(expected);
});

test('its name for people is without its password', () => {
  const proxy = selectProxy(HTTPS, { HTTPS_PROXY: 'http://me:s3cret@proxy:3128', NO_PROXY: 'a' });
  expect(proxy).toEqual({ ok: true, value: { url: 'http://me:s3cret@proxy:3128/', name: PROXY, noProxy: 'a' } });
});

test.each(['http://', 'ftp://proxy', 'http://me:100%@proxy', 'http://a b'])('what is no proxy is said, and not repeated: %s', (value) => {
  expect(selectProxy(HTTPS, { HTTPS_PROXY: value })).toEqual({
    ok: false,
    error: 'HTTPS_PROXY is no URL of a proxy, such as http://proxy.example.org:3128',
  });
});
