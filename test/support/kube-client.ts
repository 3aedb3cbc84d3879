/** A small client for tests that write to a real API server: an answer that is no success is an Error with the server's words. */
import { Agent, type Dispatcher, request } from 'undici';

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Where a kind's objects are. */
export interface ResourcePath {
  /** `/api/v1` or `/apis/<group>/<version>` */
  readonly api: string;
  readonly plural: string;
  readonly hasStatus: boolean;
}

export const TEST_RESOURCES = {
  nodes: { api: '/api/v1', plural: 'nodes', hasStatus: true },
  namespaces: { api: '/api/v1', plural: 'namespaces', hasStatus: true },
  pods: { api: '/api/v1', plural: 'pods', hasStatus: true },
  virtualmachines: { api: '/apis/kubevirt.io/v1', plural: 'virtualmachines', hasStatus: true },
  virtualmachineinstances: { api: '/apis/kubevirt.io/v1', plural: 'virtualmachineinstances', hasStatus: false },
  virtualmachineinstancemigrations: { api: '/apis/kubevirt.io/v1', plural: 'virtualmachineinstancemigrations', hasStatus: true },
  customresourcedefinitions: { api: '/apis/apiextensions.k8s.io/v1', plural: 'customresourcedefinitions', hasStatus: true },
  clusterroles: { api: '/apis/rbac.authorization.k8s.io/v1', plural: 'clusterroles', hasStatus: false },
  clusterrolebindings: { api: '/apis/rbac.authorization.k8s.io/v1', plural: 'clusterrolebindings', hasStatus: false },
} as const satisfies Record<string, ResourcePath>;

/**
 * A kube-apiserver 1.20 that was built with a recent Go takes an empty string in a typed field of a custom resource for null, and
 * refuses it (its go-openapi compares reflect.Values). KubeVirt does write some: `activePods` of a pod that has no node yet. There
 * the object is written without them; every other server gets it as it is.
 */
const EMPTY_TAKEN_FOR_NULL = 'in body must be of type string: \\"null\\"';

export class KubeError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(`${status}: ${message}`);
    this.status = status;
  }
}

export interface KubeClientOptions {
  readonly url: string;
  readonly ca?: string;
  readonly token: string;
}

export class TestKubeClient {
  readonly #url: string;
  readonly #token: string;
  readonly #dispatcher: Dispatcher;

  constructor({ url, ca, token }: KubeClientOptions) {
    this.#url = url;
    this.#token = token;
    this.#dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } });
  }

  get(resource: ResourcePath, name: string, namespace?: string): Promise<KubeObject> {
    return this.#send('GET', pathOf(resource, namespace, name));
  }

  /** Undefined where there is none. */
  async find(resource: ResourcePath, name: string, namespace?: string): Promise<KubeObject | undefined> {
    try {
      return await this.get(resource, name, namespace);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list(resource: ResourcePath, namespace?: string): Promise<readonly KubeObject[]> {
    const list = await this.#send('GET', pathOf(resource, namespace));
    return Array.isArray(list.items) ? list.items : [];
  }

  /** Creates the object, and then its status, which a resource with a status subresource does not take at creation. */
  async create(resource: ResourcePath, object: KubeObject): Promise<KubeObject> {
    const { namespace } = object.metadata;
    const created = await this.#send('POST', pathOf(resource, namespace), withoutServerFields(object));
    if (!resource.hasStatus || object.status === undefined) return created;
    return this.replaceStatus(resource, { ...created, status: object.status });
  }

  /** The whole object; its resourceVersion must be the present one. */
  replace(resource: ResourcePath, object: KubeObject): Promise<KubeObject> {
    return this.#send('PUT', pathOf(resource, object.metadata.namespace, object.metadata.name), object);
  }

  replaceStatus(resource: ResourcePath, object: KubeObject): Promise<KubeObject> {
    return this.#send('PUT', `${pathOf(resource, object.metadata.namespace, object.metadata.name)}/status`, object);
  }

  /** JSON merge patch (RFC 7396). */
  patch(resource: ResourcePath, { name, namespace }: { name: string; namespace?: string }, patch: unknown): Promise<KubeObject> {
    return this.#send('PATCH', pathOf(resource, namespace, name), patch, 'application/merge-patch+json');
  }

  patchStatus(resource: ResourcePath, { name, namespace }: { name: string; namespace?: string }, patch: unknown): Promise<KubeObject> {
    return this.#send('PATCH', `${pathOf(resource, namespace, name)}/status`, patch, 'application/merge-patch+json');
  }

  delete(resource: ResourcePath, name: string, namespace?: string): Promise<KubeObject> {
    return this.#send('DELETE', pathOf(resource, namespace, name));
  }

  /** What the scheduler does: a pod's node is not written, it is bound. */
  async bindPod({ name, namespace }: { name: string; namespace: string }, node: string): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    await this.#send('POST', `${pathOf(TEST_RESOURCES.pods, namespace, name)}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target,
    });
  }

  /** At once: where no kubelet confirms the end of a pod, a plain DELETE would leave it terminating for ever. */
  removePod(name: string, namespace: string): Promise<KubeObject> {
    return this.#send('DELETE', `${pathOf(TEST_RESOURCES.pods, namespace, name)}?gracePeriodSeconds=0`);
  }

  /** GET of any path; the body as text. */
  async getText(path: string): Promise<string> {
    return (await this.#request('GET', path)).text;
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  async #send(method: Dispatcher.HttpMethod, path: string, body?: unknown, type?: string): Promise<KubeObject> {
    const first = await this.#request(method, path, body, type);
    const isMistaken = first.status === 422 && first.text.includes(EMPTY_TAKEN_FOR_NULL);
    const { status, text } = isMistaken ? await this.#request(method, path, withoutEmptyTexts(body), type) : first;
    const json = JSON.parse(text);
    if (status >= 300) throw new KubeError(status, `${method} ${path}: ${json.message}`);
    return json;
  }

  async #request(method: Dispatcher.HttpMethod, path: string, body?: unknown, type = 'application/json') {
    const answer = await request(this.#url + path, {
      method,
      dispatcher: this.#dispatcher,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': type, accept: 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}

function pathOf({ api, plural }: ResourcePath, namespace?: string, name?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${api}${scope}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** What only the server gives: an object from elsewhere brings its own, which a creation refuses. */
function withoutServerFields(object: KubeObject): KubeObject {
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withoutEmptyTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyTexts);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== '');
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutEmptyTexts(field)]));
}
