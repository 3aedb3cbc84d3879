/** U7: what people put into objects (passwords, tokens, keys) leaves no trace, neither in what is sent nor in the log. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../core/result.ts';
import { type RunningForwarder, startForwarder } from '../../forwarder/forwarder.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { ResourceName } from '../../simulator/objects.ts';
import type { Cluster } from '../../simulator/types.ts';
import { type RecordingEdge, startRecordingEdge } from '../support/recording-edge.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';

const KUBE_TOKEN = 'kube-bearer-5d1f';
/** Long, so that each of its encodings is one that nothing else has, and with what JSON and URLs must escape. */
const SECRET = 'Zq8#cloud-init"pass\\word/7f3a91\nnext-line-ü-4411';
const USER_DATA = `#cloud-config\npassword: ${SECRET}\nssh_authorized_keys: [${SECRET}]\n`;

type Json = Record<string, unknown>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every record, however deep, gets one more field: the places that nobody thought of. */
function withForeignFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withForeignFields);
  if (!isRecord(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withForeignFields(field)]));
  return { ...inner, 'hostile.example.org/field': SECRET };
}

/** The places where secrets really are, of any kind. */
function withSecrets(object: unknown, managedFieldsCount: number): Json {
  const { metadata, spec, status, ...rest } = withForeignFields(object) as { metadata: Json; spec?: Json; status?: Json };
  const pod: Json = {
    accessCredentials: [{ userPassword: { source: { secret: { secretName: SECRET } } } }],
    volumes: [
      { name: 'init', cloudInitNoCloud: { userData: USER_DATA, networkData: SECRET } },
      { name: 'again', cloudInitConfigDrive: { userDataBase64: Buffer.from(USER_DATA).toString('base64') } },
      { name: 'sys', sysprep: { secret: { name: SECRET } } },
    ],
    containers: [{ name: 'compute', args: [SECRET], env: [{ name: 'TOKEN', value: SECRET }], image: SECRET, command: [SECRET] }],
    domain: { firmware: { serial: SECRET, kernelBoot: { kernelArgs: SECRET } } },
    providerID: SECRET,
    podCIDR: SECRET,
  };
  const template = isRecord(spec?.template) ? spec.template : {};
  return {
    ...rest,
    metadata: {
      ...metadata,
      annotations: {
        ...(metadata.annotations as Json | undefined),
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { password: SECRET } }),
        'example.org/authorization': `Bearer ${SECRET}`,
      },
      labels: { ...(metadata.labels as Json | undefined), 'example.org/owner': SECRET },
      managedFields: Array.from({ length: managedFieldsCount }, (_, index) => ({
        manager: `${SECRET}${index}`,
        fieldsV1: { [SECRET]: 'x'.repeat(5_000) },
      })),
      ownerReferences: [{ kind: SECRET, name: SECRET, uid: SECRET }],
      finalizers: metadata.finalizers ?? [],
      selfLink: SECRET,
    },
    spec: { ...spec, ...pod, template: { ...template, spec: { ...(template.spec as Json | undefined), ...pod } } },
    status: {
      ...status,
      interfaces: [{ ipAddress: SECRET, mac: SECRET, name: SECRET, interfaceName: SECRET }],
      guestOSInfo: { name: SECRET, prettyName: SECRET },
      volumeStatus: [{ name: SECRET, target: SECRET }],
      images: [{ names: [SECRET] }],
      daemonEndpoints: { kubeletEndpoint: SECRET },
      containerStatuses: [{ name: SECRET, image: SECRET, state: { waiting: { message: SECRET } } }],
      hostIP: SECRET,
      podIPs: [{ ip: SECRET }],
    },
  };
}

/** All the ways in which a text can stand in bytes: plain, in JSON, in a URL, as base64 whatever comes before it, as hex. */
function tracesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  const parts = secret.split(/["\\\n/]/).filter((part) => part.length > 3);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex'), ...shifted, ...parts];
}
const traces = tracesOf(SECRET);
const foundIn = (text: string): readonly string[] => [...traces, KUBE_TOKEN].filter((trace) => text.includes(trace));

const RESOURCES: readonly ResourceName[] = [
  'nodes',
  'virtualmachines',
  'virtualmachineinstances',
  'virtualmachineinstancemigrations',
  'pods',
  'kubevirts',
  'inventories',
  'upgrades',
  'virtualmachinerestores',
];

let cluster: Cluster;
let served: ServedCluster | undefined;
let edge: EdgeDouble;
let recording: RecordingEdge;
let forwarder: RunningForwarder | undefined;
let lines: string[];

beforeEach(async () => {
  cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1, inventories: true });
  edge = await EdgeDouble.start();
  recording = await startRecordingEdge(edge.url);
  lines = [];
});
afterEach(async () => {
  await forwarder?.stop();
  await recording.close();
  await edge.close();
  await served?.close();
});

function poison(): number {
  let total = 0;
  for (const resource of RESOURCES) {
    let count = 0;
    for (const object of cluster.list(resource)) {
      // A megabyte of managedFields, as objects have it to which many controllers write, for one of each kind.
      cluster.store.update(resource, withSecrets(object, count === 0 ? 200 : 5) as never);
      count += 1;
    }
    total += count;
  }
  return total;
}

function start(kubeconfig: string): void {
  const parsed = parseKubeConfig(kubeconfig, 'kubeconfig');
  const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
  if (!chosen.ok) throw new Error(chosen.error);
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line), now: () => new Date() });
  forwarder = startForwarder({
    edge: recording.url,
    cluster: 'harvester',
    kubeConfig: chosen.value,
    readToken: () => ok(TOKEN),
    // What is asked for besides brings nothing along, and no value that Kubernetes would not take.
    vmLabels: ['app', 'hostile.example.org/field'],
    log,
  });
}

test('the search finds what it looks for, however it is written', () => {
  for (const written of [
    SECRET,
    JSON.stringify({ a: USER_DATA }),
    JSON.stringify(JSON.stringify({ a: SECRET })),
    Buffer.from(USER_DATA).toString('base64'),
    Buffer.from(`x${USER_DATA}`).toString('base64'),
    Buffer.from(`xy${USER_DATA}`).toString('base64'),
    encodeURIComponent(USER_DATA),
    Buffer.from(USER_DATA).toString('hex'),
    `"${SECRET.slice(0, 20)}…"`,
  ]) {
    expect(foundIn(written), written).not.toEqual([]);
  }
  expect(foundIn('cloud-init')).toEqual([]);
});

test.each(['1.33', '1.34'] as const)(
  'nothing of it is sent or logged: listed, changed, moved, damaged, deleted (Kubernetes %s)',
  async (kubernetes) => {
    served = await serveCluster(cluster, { token: KUBE_TOKEN, kubernetes });
    const upgrade = { namespace: 'default', name: 'ubuntu-web-1' };
    cluster.migrate(upgrade).stepTo('Running');
    expect(poison()).toBeGreaterThan(30);
    start(served.kubeconfig);
    await edge.until(() => edge.isSynced && edge.vms.size === 12);
    expect(edge.vms.get('default/ubuntu-web-1')?.transit).toBeDefined();

    // Each object changes, and is told again with all that it holds.
    poison();
    cluster.cordon(cluster.list('nodes')[0]?.metadata.name ?? '');
    await edge.until(() => [...edge.hosts.values()].some(({ state }) => state === 'cordoned'));

    // What cannot be understood is quoted nowhere.
    const [vmi] = cluster.list('virtualmachineinstances');
    const [vm] = cluster.list('virtualmachines');
    cluster.store.update('virtualmachineinstances', { ...vmi, status: [SECRET] } as never);
    cluster.store.create('virtualmachines', {
      ...vm,
      metadata: { ...vm?.metadata, name: 'odd', uid: '', annotations: { a: SECRET } },
    } as never);
    await edge.until(() => [...edge.vms.values()].some(({ state }) => state === 'unknown'));

    // Everything that stands in the last state of what goes is passed over as well.
    cluster.deleteVm({ namespace: 'default', name: 'debian-mail-1' }).finish();
    await edge.until(() => !edge.vms.has('default/debian-mail-1'));

    expect(recording.texts.length).toBeGreaterThan(6);
    expect(edge.refused).toEqual([]);
    for (const text of recording.texts) expect(foundIn(text)).toEqual([]);
    for (const body of recording.raw) expect(foundIn(body.toString('latin1'))).toEqual([]);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(foundIn(line)).toEqual([]);
    expect(lines.join('')).not.toContain(TOKEN);
  },
);
