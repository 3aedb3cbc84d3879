/** The environment that a kubelet gives a container of the Deployment in deploy/. */
import type { KubeObject } from './kube-client.ts';

interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly image: string;
  readonly envFrom: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string; readonly optional?: boolean };
  }[];
  readonly env: readonly EnvironmentEntry[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly requests: { readonly memory: string }; readonly limits: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly [Container];
    readonly volumes: readonly {
      readonly name: string;
      readonly secret?: { readonly secretName: string; readonly optional?: boolean };
      readonly configMap?: { readonly optional?: boolean };
    }[];
  };
}

export const podTemplateOf = (deployment: KubeObject): PodTemplate => (deployment.spec as { readonly template: PodTemplate }).template;

/** `data`: of the ConfigMap that `envFrom` names. `pod`: what fieldRef reads. */
export function podEnvironment(
  { env }: Container,
  data: Readonly<Record<string, string>>,
  pod: Readonly<Record<string, string>>,
): Record<string, string> {
  const known: Record<string, string> = { ...data };
  for (const { name, value, valueFrom } of env) {
    const text = valueFrom === undefined ? value : pod[valueFrom.fieldRef.fieldPath];
    if (text === undefined) throw new Error(`nothing to set ${name} to`);
    // Kubernetes expands what was defined further up, and leaves the rest as it is.
    known[name] = text.replace(/\$\((\w+)\)/g, (whole, variable: string) => known[variable] ?? whole);
  }
  return known;
}
