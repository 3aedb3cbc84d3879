/** What a kube-apiserver itself writes down of the requests of service accounts: who asked for what, and whether it was allowed. */
import { readFile } from 'node:fs/promises';

/** Of one stage of a request; a watch has one when it is opened and one when it ends. */
export interface AuditEvent {
  readonly stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** For `--audit-policy-file`. */
export const AUDIT_POLICY = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
});

/** The events so far; the last line may still be under way. */
export async function readAuditLog(file: string): Promise<readonly AuditEvent[]> {
  const text = await readFile(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);
}

/** What was asked for, as RBAC sees it: `watch nodes`, `get namespaces kube-system`, `list inventories.metal.harvesterhci.io in harvester-system`. */
export function formatAudited({ verb, requestURI, objectRef }: AuditEvent): string {
  if (objectRef?.resource === undefined) return `${verb} ${requestURI}`;
  const { apiGroup, resource, subresource, namespace } = objectRef;
  // A creation is authorized without the name.
  const name = verb === 'create' ? undefined : objectRef.name;
  const plural = `${resource}${apiGroup === undefined ? '' : `.${apiGroup}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return [verb, plural, ...(namespace === undefined ? [] : [`in ${namespace}`]), ...(name === undefined ? [] : [name])].join(' ');
}
