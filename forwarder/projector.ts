/**
 * Kubernetes objects → facts, one function per kind, and where each kind is found. This file and project/ are the only ones that
 * know Kubernetes JSON; what they leave out never leaves the cluster (U7).
 */
import type { FactKind, FactOf } from '../core/derive/inventory.ts';
import type { Result } from '../core/result.ts';
import { projectHost } from './project/host.ts';
import { projectVm } from './project/vm.ts';
import { projectVmi } from './project/vmi.ts';
import { projectVmim } from './project/vmim.ts';

export const KINDS = ['host', 'vm', 'vmi', 'vmim'] as const satisfies readonly FactKind[];

/** Malformed objects are errors that name the field; everything but the identity may be missing. */
export const PROJECTORS: { readonly [Name in FactKind]: (object: unknown) => Result<FactOf[Name]> } = {
  host: projectHost,
  vm: projectVm,
  vmi: projectVmi,
  vmim: projectVmim,
};

export interface Resource {
  /** Where all of them are listed and watched, across namespaces. */
  readonly path: string;
  /** As RBAC and people name it: `nodes`, `virtualmachines.kubevirt.io`. */
  readonly name: string;
  /** KubeVirt's own; missing altogether where KubeVirt is not installed. */
  readonly isKubeVirt: boolean;
}

const kubeVirtResource = (plural: string): Resource => ({
  path: `/apis/kubevirt.io/v1/${plural}`,
  name: `${plural}.kubevirt.io`,
  isKubeVirt: true,
});

export const RESOURCES: { readonly [Name in FactKind]: Resource } = {
  host: { path: '/api/v1/nodes', name: 'nodes', isKubeVirt: false },
  vm: kubeVirtResource('virtualmachines'),
  vmi: kubeVirtResource('virtualmachineinstances'),
  vmim: kubeVirtResource('virtualmachineinstancemigrations'),
};
