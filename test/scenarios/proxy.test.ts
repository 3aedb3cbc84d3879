/** The nginx example of deploy/edge.md, as it stands there, in front of the edge: HTTP/2, TLS, and every event at once. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../local/paths.ts';
import { isPortTaken } from '../../local/port.ts';
import { redeemCode } from '../../local/registration.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { CORPORATE } from '../support/certificates.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { ADMIN_TOKEN, type EdgeProcess, eventually, startEdgeProcess, startForwarderWith } from '../support/stack.ts';

const hasNginx = spawnSync('nginx', ['-v']).status === 0;
/** More than the six that a browser opens over HTTP/1.1. */
const STREAMS_COUNT = 8;

/** Its ports and files, and what nginx wants around it. */
function configOf(example: string, { port, edgePort, folder }: { port: number; edgePort: number; folder: string }): string {
  const own = example
    .replace(/server \{\s+listen 80;[^}]*\}/, '')
    .replace('127.0.0.1:8787', `127.0.0.1:${edgePort}`)
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`)
    .replace('/etc/ssl/hostview.pem', join(folder, 'cert.pem'))
    .replace('/etc/ssl/hostview.key', join(folder, 'key.pem'))
    .replaceAll('hostview.example.org', 'localhost');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
  return `daemon off;\nuser root;\npid ${folder}/pid;\nerror_log stderr warn;\nevents { worker_connections 512; }\nhttp {\naccess_log off;\n${temporary}\n${own}\n}\n`;
}

const example = /```nginx\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'deploy/edge.md'), 'utf8'))?.[1] ?? '';

describe.skipIf(!hasNginx)('nginx in front of the edge (skipped without nginx)', () => {
  let folder: string;
  let edge: EdgeProcess;
  let nginx: TestProcess;
  let session: ClientHttp2Session;
  let port: number;

  beforeAll(async () => {
    folder = await makeFolder('nginx');
    edge = await startEdgeProcess({ CLIENT_ADDRESS_HEADER: 'x-real-ip' });
    port = await freePort();
    await writeFile(join(folder, 'cert.pem'), CORPORATE.server.cert);
    await writeFile(join(folder, 'key.pem'), CORPORATE.server.key);
    await writeFile(join(folder, 'nginx.conf'), configOf(example, { port, edgePort: edge.port, folder }));
    nginx = startProcess('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
    await eventually(
      () => isPortTaken(port),
      (isTaken) => isTaken,
      `nginx listens: ${nginx.output()}`,
    );
    session = connect(`https://localhost:${port}`, { ca: CORPORATE.ca });
    session.on('error', () => undefined);
  });
  afterAll(async () => {
    session?.destroy();
    await nginx?.stop();
    await edge?.stop();
    await removeFolder(folder);
  });

  /** Over the one connection; by the name that the proxy has, without its port. */
  function ask(headers: OutgoingHttpHeaders, body = ''): Promise<{ headers: Readonly<Record<string, unknown>>; body: string }> {
    return new Promise((resolve, reject) => {
      const asking = session.request({ ':authority': 'localhost', ...headers }, { endStream: body === '' });
      let text = '';
      let got: Readonly<Record<string, unknown>> = {};
      asking.setEncoding('utf8');
      asking.once('response', (answered) => {
        got = answered;
      });
      asking.on('data', (chunk: string) => {
        text += chunk;
      });
      asking.once('end', () => resolve({ headers: got, body: text }));
      asking.once('error', reject);
      if (body !== '') asking.end(body);
    });
  }

  /** Every event with the moment at which it came. */
  function watch(path: string): { readonly events: { readonly event: string; readonly at: number }[]; close(): void } {
    const events: { event: string; at: number }[] = [];
    const parser = createParser({ onEvent: ({ event }) => events.push({ event: event ?? '', at: Date.now() }) });
    const stream = session.request({ ':path': path, ':authority': 'localhost' });
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => parser.feed(chunk));
    stream.on('error', () => undefined);
    return { events, close: () => stream.close() };
  }

  test('the page comes over HTTP/2, with HSTS', async () => {
    const page = await eventually(
      () => ask({ ':path': '/' }),
      ({ headers }) => headers[':status'] === 200,
      'nginx answers',
    );
    expect(session.alpnProtocol).toBe('h2');
    const api = await ask({ ':path': '/api/v1/clusters' });
    // Once: the edge sends it, and the proxy does not.
    for (const { headers } of [page, api]) expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('<html');
  });

  test('what a forwarder sends through it reaches more streams than a browser has connections, at once', async () => {
    const headers = {
      ':method': 'POST',
      ':path': '/api/v1/clusters',
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
    };
    const registered = JSON.parse((await ask(headers, JSON.stringify({ cluster: 'lab' }))).body) as { code: string; command: string };
    expect(registered.command, 'the edge knows name and scheme').toContain('"https://localhost/api/v1/clusters/lab/install.yaml');
    const token = await redeemCode(edge.url, 'lab', registered.code);
    const cluster = createCluster({ name: 'lab', hosts: 3, vms: 4, seed: 1 });
    const api = await serveCluster(cluster);
    const forwarder = await startForwarderWith(`https://localhost:${port}`, 'lab', token, api.kubeconfig, ['--ca-file', CORPORATE.caFile]);
    const streams: ReturnType<typeof watch>[] = [];
    const framesOf = (): readonly number[] => streams.map(({ events }) => events.filter(({ event }) => event === 'frame').length);
    try {
      const snapshot = async () => JSON.parse((await ask({ ':path': '/api/v1/clusters/lab' })).body) as { vms?: readonly unknown[] };
      await eventually(snapshot, ({ vms }) => vms?.length === 4, 'the edge has the VMs');
      for (let count = 0; count < STREAMS_COUNT; count++) streams.push(watch('/api/v1/clusters/lab/stream'));
      const hasSnapshot = () => streams.every(({ events }) => events.some(({ event }) => event === 'snapshot'));
      await eventually(hasSnapshot, (all) => all, 'every stream has its snapshot');
      const before = framesOf();
      cluster.cordon(cluster.list('nodes')[0]?.metadata.name ?? '');
      await eventually(framesOf, (now) => now.every((count, index) => count > (before[index] ?? 0)), 'every stream has the frame', 5_000);
    } finally {
      for (const { close } of streams) close();
      await forwarder.stop();
      await api.close();
    }
  });
});
