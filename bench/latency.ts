/**
 * `npm run bench:latency`: how long a VM's arrival takes from the Kubernetes API to the screen.
 *
 * 100 migrations one after another on a real API server. For the update in which nodeName flips, in one run and for the same
 * writes: kubectl get vmi -w, an SSE client, and painted in Chromium. What counts is the difference to kubectl, write by write.
 * Needs KUBEBUILDER_ASSETS (kube-apiserver, etcd), kubectl there or in PATH, and Chromium.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame } from '../core/downlink.ts';
import { type ApiServerCluster, startApiServerCluster } from '../test/support/api-server-cluster.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { setup as build } from '../test/support/build.ts';
import { makeFolder, removeFolder } from '../test/support/folder.ts';
import { findKubeApiServer } from '../test/support/kube-apiserver.ts';
import { startProcess, type TestProcess } from '../test/support/processes.ts';
import { eventually, startEdgeProcess, startForwarder } from '../test/support/stack.ts';
import { openViewer } from '../test/support/viewer.ts';
import { formatTable, summarize } from './statistics.ts';

const HELP = `npm run bench:latency -- [--migrations 100] [--fan-out direct|bridge]`;
const [NAMESPACE, NAME] = ['default', 'ubuntu-web-1'];
const ID = `${NAMESPACE}/${NAME}`;
/** The batch before must be out, so that the measured one leaves at once; the random part keeps clear of any timer's beat. */
const REST_MS = 150;
const REST_JITTER_MS = 100;

const { values } = parseArgs({
  options: {
    migrations: { type: 'string', default: '100' },
    'fan-out': { type: 'string', default: 'direct' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const assets = findKubeApiServer();
if (assets === null) process.exit(1);
const kubectl = existsSync(join(assets, 'kubectl')) ? join(assets, 'kubectl') : 'kubectl';

/** Milliseconds since the Unix epoch with a fraction; page and bench run on one machine, so on one clock. */
const now = (): number => performance.timeOrigin + performance.now();

const closers: (() => Promise<unknown> | unknown)[] = [];
try {
  await measure(assets, Number(values.migrations));
} finally {
  for (const close of closers.reverse()) await close();
}

async function measure(folder: string, migrations: number): Promise<void> {
  await build();
  const cluster = await startApiServerCluster(folder);
  closers.push(() => cluster.stop());
  const edge = await startEdgeProcess({ FAN_OUT: values['fan-out'] });
  closers.push(() => edge.stop());
  const forwarder = await startForwarder(edge, 'lab', cluster.server.forwarderKubeConfig);
  closers.push(() => forwarder.stop());

  const heard = { kubectl: new Map<string, number>(), stream: new Map<string, number>() };
  let generation = 0;
  const key = (host: string): string => `${generation} ${host}`;
  const watch = await watchWithKubectl(cluster, (host) => heard.kubectl.set(key(host), heard.kubectl.get(key(host)) ?? now()));
  closers.push(() => watch.stop());
  const viewer = await openViewer(edge.url, 'lab', {
    onEvent: ({ event, data }) => {
      const at = now();
      if (event !== 'frame') return;
      const vm = (data as Frame).vms?.find(({ id }) => id === ID);
      if (vm?.host != null) heard.stream.set(key(vm.host), heard.stream.get(key(vm.host)) ?? at);
    },
  });
  closers.push(() => viewer.close());
  await viewer.waitForState((state) => state.vms.has(ID), 'the first sync');

  const browser = await launchBrowser();
  closers.push(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${edge.url}/c/lab`);
  await page.waitForSelector('[data-connection="live"]');
  await page.evaluate(installPaintClock, ID);
  const paintedAt = (host: string, after: number): Promise<number | null> =>
    page.evaluate(
      ([where, since]) =>
        (globalThis as unknown as PaintClock).painted.find((paint) => paint.host === where && paint.at >= since)?.at ?? null,
      [host, after] as const,
    );

  const samples: { kubectl: number; stream: number; page: number }[] = [];
  for (generation = 1; generation <= migrations; generation++) {
    const from = await cluster.placementOf(NAMESPACE, NAME);
    const to =
      cluster.hosts.find((host, index) => host !== from && index !== generation % cluster.hosts.length) ??
      cluster.hosts.find((host) => host !== from) ??
      '';
    const move = await cluster.migrate(NAMESPACE, NAME, to, '1.6');
    await move.stepTo('TargetDomainReady');
    await new Promise((resolve) => setTimeout(resolve, REST_MS + Math.random() * REST_JITTER_MS));
    const written = now();
    await move.stepTo('Switched');
    const seen = await eventually(
      async () => ({ kubectl: heard.kubectl.get(key(to)), stream: heard.stream.get(key(to)), page: await paintedAt(to, written) }),
      (times) => times.kubectl !== undefined && times.stream !== undefined && times.page !== null,
      `migration ${generation} to ${to} is seen by all three`,
    );
    await move.finish();
    samples.push({ kubectl: (seen.kubectl ?? 0) - written, stream: (seen.stream ?? 0) - written, page: (seen.page ?? 0) - written });
    if (process.stdout.isTTY) process.stdout.write(`\r${generation} of ${migrations}`);
  }
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, fan-out ${values['fan-out']}, ${samples.length} migrations\n\n${formatTable(
      {
        'write → kubectl get -w': summarize(samples.map((sample) => sample.kubectl)),
        'write → SSE client': summarize(samples.map((sample) => sample.stream)),
        'write → painted': summarize(samples.map((sample) => sample.page)),
        'SSE client − kubectl, paired': summarize(samples.map((sample) => sample.stream - sample.kubectl)),
        'painted − kubectl, paired': summarize(samples.map((sample) => sample.page - sample.kubectl)),
      },
      'ms',
    )}`,
  );
}

async function watchWithKubectl(cluster: ApiServerCluster, seen: (host: string) => void): Promise<TestProcess> {
  const directory = await makeFolder('bench');
  closers.push(() => removeFolder(directory));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, cluster.server.adminKubeConfig, { mode: 0o600 });
  const format = 'jsonpath={.metadata.name}{" "}{.status.nodeName}{"\\n"}';
  const process_ = startProcess(kubectl, [
    '--kubeconfig',
    kubeconfig,
    'get',
    'virtualmachineinstances.kubevirt.io',
    NAME,
    '-n',
    NAMESPACE,
    '-w',
    '-o',
    format,
  ]);
  process_.child.stdout?.on('data', (chunk: string) => {
    for (const line of chunk.split('\n')) {
      const host = line.split(' ')[1];
      if (host) seen(host);
    }
  });
  await process_.waitFor(new RegExp(`^${NAME} `, 'm'));
  return process_;
}

interface PaintClock {
  painted: { host: string; at: number }[];
}

/** Runs in the page: when the VM's chip came to stand in another host's list, and the frame with it was handed to the screen. */
function installPaintClock(vm: string): void {
  const clock = globalThis as unknown as PaintClock;
  clock.painted = [];
  let last: string | null = null;
  const look = (): void => {
    const chip = document.querySelector(`[data-lane="settled"] [data-vm="${CSS.escape(vm)}"]`);
    const host = chip?.closest('[data-host]')?.getAttribute('data-host') ?? null;
    if (host === last) return;
    last = host;
    if (host === null) return;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => clock.painted.push({ host, at: performance.timeOrigin + performance.now() });
      channel.port2.postMessage(null);
    });
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
}
