/** The manifest that install.yaml answers, and the settings that go into it. That an API server takes it is tested in apiserver/install.test.ts. */
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { formatInstallCommand } from '../../worker/install-codes.ts';
import { type Component, composeManifest, parseComponents, parseImage } from '../../worker/install-manifest.ts';
import { readOrigin } from '../../worker/install-origin.ts';

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: what is looked at differs by kind.
  readonly spec?: any;
}

const IMAGE = 'registry.example.com:5000/team/hostview-forwarder:0.1.0';
const TOKEN = 'rM-_token';

async function compose(components: readonly Component[] = [], origin = 'https://hostview.example.com'): Promise<string> {
  return (await composeManifest({ origin, cluster: 'lab-1', image: IMAGE, components }))(TOKEN);
}
const parse = (text: string): Document[] =>
  parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Document;
  });
const titles = (documents: readonly Document[]): string[] =>
  documents.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
const find = (documents: readonly Document[], kind: string): Document => documents.find((one) => one.kind === kind) as Document;

describe('the manifest', () => {
  test('has what a cluster needs, the namespace first', async () => {
    expect(titles(parse(await compose()))).toEqual([
      'Namespace /hostview',
      'ServiceAccount hostview/hostview-forwarder',
      'ClusterRole /hostview-forwarder',
      'ClusterRoleBinding /hostview-forwarder',
      'ClusterRole /hostview-forwarder-optional',
      'ClusterRoleBinding /hostview-forwarder-optional',
      'Role hostview/hostview-forwarder-lease',
      'RoleBinding hostview/hostview-forwarder-lease',
      'Secret hostview/hostview-forwarder-token',
      expect.stringMatching(/^ConfigMap hostview\/hostview-forwarder-config-[a-z0-9]{10}$/),
      'Deployment hostview/hostview-forwarder',
      'PodDisruptionBudget hostview/hostview-forwarder',
      'NetworkPolicy hostview/hostview-forwarder',
    ]);
  });

  test('carries the token, the settings and the image, each where it belongs', async () => {
    const documents = parse(await compose());
    expect(atob(find(documents, 'Secret').data?.token ?? '')).toBe(TOKEN);
    const config = find(documents, 'ConfigMap');
    expect(config.data).toEqual({ HOSTVIEW_CLUSTER: 'lab-1', HOSTVIEW_EDGE: 'https://hostview.example.com' });
    const [container] = find(documents, 'Deployment').spec.template.spec.containers;
    expect(container.image).toBe(IMAGE);
    expect(container.envFrom[0].configMapRef.name).toBe(config.metadata.name);
  });

  test('the settings’ name follows their values, so that pods restart where they change', async () => {
    const [one, same, other] = await Promise.all([compose(), compose(), compose([], 'https://other.example.com')]);
    const name = (text: string): string => find(parse(text), 'ConfigMap').metadata.name;
    expect(name(one)).toBe(name(same));
    expect(name(one)).not.toBe(name(other));
  });

  test('with components', async () => {
    const plain = titles(parse(await compose()));
    const documents = parse(await compose(['harvester', 'progress']));
    expect(titles(documents).filter((title) => !plain.includes(title) && !title.startsWith('ConfigMap'))).toEqual([
      'Role harvester-system/hostview-forwarder',
      'RoleBinding harvester-system/hostview-forwarder',
      'Role harvester-system/hostview-forwarder-progress',
      'RoleBinding harvester-system/hostview-forwarder-progress',
      'NetworkPolicy hostview/hostview-forwarder-progress',
    ]);
    expect(find(documents, 'ConfigMap').data).toMatchObject({ HOSTVIEW_PROGRESS: 'true' });
  });

  test.each([
    ['https://edge.example', [443, 6443]],
    ['https://edge.example:8443', [443, 8443, 6443]],
    ['http://10.0.0.1:8787', [443, 8787, 6443]],
    ['http://edge.example', [443, 80, 6443]],
    ['https://[2001:db8::1]:6443', [443, 6443]],
  ])('the forwarder is let out to %s', async (origin, ports) => {
    const documents = parse(await compose([], origin));
    expect(find(documents, 'ConfigMap').data?.HOSTVIEW_EDGE).toBe(origin);
    const { egress } = find(documents, 'NetworkPolicy').spec as { egress: { ports: { port: number }[] }[] };
    expect(egress[1]?.ports.map(({ port }) => port)).toEqual(ports);
  });
});

describe('FORWARDER_IMAGE', () => {
  test.each([
    'hostview-forwarder',
    'hostview-forwarder:0.1.0',
    'localhost:5000/hostview-forwarder',
    'registry.example.com/a/b-c/d__e.f:v1_2.3-rc',
    `ghcr.io/x/y@sha256:${'0123456789abcdef'.repeat(4)}`,
    `ghcr.io/x/y:1@sha256:${'0123456789abcdef'.repeat(4)}`,
  ])('%s is one', (image) => expect(parseImage(image)).toEqual({ ok: true, value: image }));

  test.each([
    undefined,
    '',
    ' x',
    'x\n',
    'x y',
    'x"y',
    "x'y",
    'x: y',
    'x#y',
    'a/b/',
    '/a',
    'A/B',
    'x:',
    'x:-a',
    'x@sha256:abc',
    'x$(id)',
    'x{}',
    'https://x/y',
    `x:${'a'.repeat(129)}`,
    `x/${'a'.repeat(600)}`,
  ])('%j is none', (image) => expect(parseImage(image)).toMatchObject({ ok: false, error: { code: 'no-forwarder-image' } }));
});

describe('with=', () => {
  test.each<[string | null, readonly Component[]]>([
    [null, []],
    ['', []],
    ['harvester', ['harvester']],
    ['progress,harvester', ['harvester', 'progress']],
    ['progress,progress', ['progress']],
  ])('%j', (text, components) => expect(parseComponents(text)).toEqual({ ok: true, value: components }));

  test.each(['Harvester', 'harvester,', ',', 'all', 'toString'])('%j is refused', (text) =>
    expect(parseComponents(text)).toMatchObject({ ok: false, error: { code: 'invalid' } }),
  );
});

describe('the edge’s URL', () => {
  test.each<[string | undefined, string, string]>([
    [undefined, 'https://edge.example/api/v1/clusters', 'https://edge.example'],
    ['', 'http://127.0.0.1:8787/x?y', 'http://127.0.0.1:8787'],
    ['https://Public.Example', 'http://inside:1/', 'https://public.example'],
    ['https://public.example/', 'http://inside:1/', 'https://public.example'],
    ['https://public.example:443', 'http://inside:1/', 'https://public.example'],
    [undefined, 'https://[::1]:8443/', 'https://[::1]:8443'],
    [undefined, 'https://bücher.example/', 'https://xn--bcher-kva.example'],
  ])('PUBLIC_URL %j, asked under %s: %s', (setting, url, origin) => expect(readOrigin(setting, url)).toEqual({ ok: true, value: origin }));

  test.each<[string | undefined, string]>([
    ['edge.example', 'https://edge.example/'],
    ['ftp://edge.example', 'https://edge.example/'],
    ['https://edge.example/path', 'https://edge.example/'],
    ['https://edge.example/?a', 'https://edge.example/'],
    ['https://edge.example/#a', 'https://edge.example/'],
    ['https://user:secret@edge.example', 'https://edge.example/'],
    [undefined, 'https://edge$(id).example/'],
    [undefined, 'https://edge"x.example/'],
    [undefined, 'https://edge`x`.example/'],
  ])('PUBLIC_URL %j, asked under %s, is refused', (setting, url) =>
    expect(readOrigin(setting, url)).toMatchObject({ ok: false, error: { code: 'invalid' } }),
  );

  test('nothing in the command means anything to a shell', () => {
    const issued = { cluster: 'lab-1', code: `${'aZ9_-'.repeat(8)}abc`, expiresAt: 0 };
    const command = formatInstallCommand('https://[::1]:8443', issued);
    expect(command).toMatch(/^kubectl apply -f "[\w:/.[\]?=-]+"$/);
  });
});
