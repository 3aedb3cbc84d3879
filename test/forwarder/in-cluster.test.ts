/** The service account of a pod: its CA, and its token, which rotates and can be replaced at any moment. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { chooseContext, loadKubeConfig, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { CORPORATE, OTHER } from '../support/certificates.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';

const ACCOUNT = 'var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_FILE = join(ACCOUNT, 'token');
let root: string;
let server: Server;
let client: KubeClient;
let accepted: string;
let asked: (string | undefined)[];
const environment = process.env;

beforeEach(async () => {
  accepted = 'first';
  asked = [];
  server = createServer(CORPORATE.server, (request, response) => {
    asked.push(request.headers.authorization);
    const isAccepted = request.headers.authorization === `Bearer ${accepted}`;
    response.writeHead(isAccepted ? 200 : 401).end(isAccepted ? 'ok' : '{"message":"Unauthorized"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = await makeFolder('pod');
  await mkdir(join(root, ACCOUNT), { recursive: true });
  await writeFile(join(root, ACCOUNT, 'ca.crt'), CORPORATE.ca);
  await write('first\n');
  process.env = {
    ...environment,
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String((server.address() as AddressInfo).port),
  };
});

afterEach(async () => {
  process.env = environment;
  client?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await removeFolder(root);
});

/** As the kubelet does it: the new file takes the old one's place in one step. */
async function write(token: string): Promise<void> {
  await writeFile(join(root, `${TOKEN_FILE}.new`), token);
  await rename(join(root, `${TOKEN_FILE}.new`), join(root, TOKEN_FILE));
}

function connect(): void {
  const config = loadKubeConfig({ files: [] }, `${root}/`);
  if (!config.ok) throw new Error(config.error);
  client = createKubeClient(config.value);
}
const get = () => client.getText('/api', { timeoutMs: 5_000, signal: new AbortController().signal });

test('a token that was revoked and replaced is read again at once', async () => {
  connect();
  expect(await get()).toEqual({ ok: true, value: 'ok' });
  accepted = 'second';
  expect(await get()).toMatchObject({ ok: false, error: { kind: 'status', status: 401 } });
  await write('second\n');
  expect(await get()).toEqual({ ok: true, value: 'ok' });
  expect(asked).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
});

test('a kubeconfig that names a token file: the same', async () => {
  const { port } = server.address() as AddressInfo;
  const text = JSON.stringify({
    'current-context': 'lab',
    clusters: [{ name: 'one', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': 'ca.crt' } }],
    users: [{ name: 'me', user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile: join(root, TOKEN_FILE) } } } }],
    contexts: [{ name: 'lab', context: { cluster: 'one', user: 'me' } }],
  });
  const parsed = parseKubeConfig(text, join(root, ACCOUNT, 'config'));
  const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'config') : parsed;
  if (!chosen.ok) throw new Error(chosen.error);
  client = createKubeClient(chosen.value);
  expect((await get()).ok).toBe(true);
  accepted = 'second';
  await write('second');
  expect((await get()).ok).toBe(true);
});

test.each([
  ['is gone', async () => rm(join(root, TOKEN_FILE)), /^cannot read the token file: ENOENT/],
  ['is empty', async () => write('\n'), /token holds no token$/],
  ['holds what no header can', async () => write('a\nb'), /token holds no token$/],
])('a token file that %s is said, and found again', async (_what, damage, said) => {
  connect();
  await damage();
  expect(await get()).toEqual({ ok: false, error: { kind: 'credentials', detail: expect.stringMatching(said) } });
  await mkdir(dirname(join(root, TOKEN_FILE)), { recursive: true });
  await write('first');
  expect((await get()).ok).toBe(true);
});

test('the cluster’s CA is the one that counts, and is read again too', async () => {
  await writeFile(join(root, ACCOUNT, 'ca.crt'), OTHER.ca);
  connect();
  expect(await get()).toEqual({ ok: false, error: { kind: 'unreachable', reason: 'its certificate is signed by an unknown authority' } });
  await writeFile(join(root, ACCOUNT, 'ca.crt'), CORPORATE.ca);
  expect((await get()).ok).toBe(true);
});

test('a proxy that the kubeconfig names is taken, with its login and the cluster’s CA', async () => {
  const { port } = server.address() as AddressInfo;
  const proxy = await startConnectProxy({ port }, 'me:p@ss');
  const text = JSON.stringify({
    'current-context': 'lab',
    clusters: [
      {
        name: 'one',
        cluster: {
          server: 'https://edge.test',
          'certificate-authority': 'ca.crt',
          'proxy-url': `http://me:p%40ss@127.0.0.1:${proxy.port}`,
        },
      },
    ],
    users: [{ name: 'me', user: { token: 'first' } }],
    contexts: [{ name: 'lab', context: { cluster: 'one', user: 'me' } }],
  });
  const parsed = parseKubeConfig(text, join(root, ACCOUNT, 'config'));
  const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'config') : parsed;
  if (!chosen.ok) throw new Error(chosen.error);
  client = createKubeClient(chosen.value);
  expect(await get()).toEqual({ ok: true, value: 'ok' });
  expect(proxy.asked).toEqual(['CONNECT edge.test:443']);
  await proxy.close();
});

test('HTTPS_PROXY is not for the API server', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  process.env = { ...process.env, HTTPS_PROXY: nobody, https_proxy: nobody, HTTP_PROXY: nobody, NO_PROXY: '' };
  connect();
  expect((await get()).ok).toBe(true);
});
