/** What `--check` tries besides, where progress is asked for: the two requests that find a virt-handler. Pure but for where KubeVirt is. */
import type { Attempt } from '../check-plan.ts';
import type { KubeClient } from '../kube-client.ts';
import { listAt, nameAt } from '../project/json.ts';
import { RESOURCES } from '../projector.ts';
import { handlerAuthority, handlerPods, USUAL_NAMESPACES } from './handler-address.ts';

const LIST_TIMEOUT_MS = 10_000;

/** In the namespace of the KubeVirt object; where that may not be read, in those where it is as a rule, of which one will do. */
export async function findProgressAttempts(client: Pick<KubeClient, 'getText'>, signal: AbortSignal): Promise<readonly Attempt[]> {
  const body = await client.getText(`${RESOURCES.kubevirt.path}?limit=1`, { timeoutMs: LIST_TIMEOUT_MS, signal });
  const namespace = body.ok ? parseNamespace(body.value) : null;
  return (namespace === null ? USUAL_NAMESPACES : [namespace]).flatMap((each) => attemptsIn(each, namespace === null));
}

function parseNamespace(body: string): string | null {
  try {
    return nameAt(listAt(JSON.parse(body), 'items')[0], 'metadata', 'namespace') ?? null;
  } catch {
    return null;
  }
}

function attemptsIn(namespace: string, isGuess: boolean): readonly Attempt[] {
  const authority = handlerAuthority(namespace);
  const pods = handlerPods(namespace);
  return [
    {
      verb: 'list',
      resource: pods.name,
      path: `${pods.path}?${pods.query}&limit=1`,
      neededFor: 'to find virt-handlers, which know how far migrations are (--progress)',
      isOptional: isGuess,
    },
    {
      verb: 'get',
      resource: authority.name,
      path: authority.path,
      neededFor: 'to check virt-handlers’ certificates (--progress)',
      isOptional: true,
    },
  ];
}
