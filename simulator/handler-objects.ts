/** What a cluster has of its virt-handlers: a pod on each host, and the authority that signs their certificates. */
import { formatTime, type ObjectMeta, type StringMap } from './objects.ts';
import type { Pod } from './pod-objects.ts';
import { SYSTEM_NAMESPACE } from './system-objects.ts';
import { condition } from './vm-objects.ts';

export interface ConfigMap {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: ObjectMeta;
  /** It has none, unlike other objects. */
  readonly spec?: undefined;
  readonly data: StringMap;
}

export interface HandlerPlan {
  readonly uid: string;
  readonly host: string;
  readonly release: string;
  /** Where it listens; a real one at port 8443 of an address of its own. */
  readonly address: { readonly ip: string; readonly port: number };
}

export function createHandlerPod({ uid, host, release, address }: HandlerPlan, nowMs: number): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `virt-handler-${uid.slice(0, 5)}`,
      namespace: SYSTEM_NAMESPACE,
      uid,
      resourceVersion: '',
      creationTimestamp: formatTime(nowMs),
      labels: { 'kubevirt.io': 'virt-handler', 'prometheus.kubevirt.io': 'true' },
    },
    spec: {
      nodeName: host,
      containers: [
        {
          name: 'virt-handler',
          image: `kubevirt/virt-handler:${release}`,
          ports: [{ name: 'metrics', containerPort: address.port, protocol: 'TCP' }],
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 15,
    },
    status: {
      phase: 'Running',
      conditions: [condition('Ready', 'True', nowMs)],
      podIP: address.ip,
      qosClass: 'Burstable',
      startTime: formatTime(nowMs),
    },
  };
}

export const createAuthority = (uid: string, pem: string, nowMs: number): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'kubevirt-ca',
    namespace: SYSTEM_NAMESPACE,
    uid,
    resourceVersion: '',
    creationTimestamp: formatTime(nowMs),
    labels: { 'app.kubernetes.io/managed-by': 'virt-operator' },
  },
  data: { 'ca-bundle': pem },
});
