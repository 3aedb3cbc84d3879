/**
 * Kubernetes objects → facts, one function per kind, and where each kind is found. This file and project/ are the only ones that
 * know Kubernetes JSON; what they leave out never leaves the cluster (U7).
 */
import { type FactKind, type FactOf, OPTIONAL_KINDS, REQUIRED_KINDS } from '../core/facts.ts';
import type { Result } from '../core/result.ts';
import { projectHost } from './project/host.ts';
import { projectPod } from './project/pod.ts';
import { projectKubeVirt, projectPower, projectRestore, projectUpgrade } from './project/surroundings.ts';
import { projectVm } from './project/vm.ts';
import { projectVmi } from './project/vmi.ts';
import { projectVmim } from './project/vmim.ts';

export const KINDS: readonly FactKind[] = [...REQUIRED_KINDS, ...OPTIONAL_KINDS];

export const mapKinds = <Value>(map: (kind: FactKind) => Value): Readonly<Record<FactKind, Value>> =>
  Object.fromEntries(KINDS.map((kind) => [kind, map(kind)])) as unknown as Record<FactKind, Value>;

/** Malformed objects are errors that name the field; everything but the identity may be missing. */
export type Projectors = { readonly [Name in FactKind]: (object: unknown) => Result<FactOf[Name]> };

/** `vmLabels`: the keys of the labels that are taken of VMs. */
export const projectorsWith = (vmLabels: readonly string[]): Projectors => ({
  host: projectHost,
  vm: (vm) => projectVm(vm, vmLabels),
  vmi: (vmi) => projectVmi(vmi, vmLabels),
  vmim: projectVmim,
  pod: projectPod,
  kubevirt: projectKubeVirt,
  power: projectPower,
  upgrade: projectUpgrade,
  restore: projectRestore,
});

/** Without labels, as it is where nobody asked for any. */
export const PROJECTORS: Projectors = projectorsWith([]);

export interface Resource {
  /** Where all of them are listed and watched, across namespaces. */
  readonly path: string;
  /** What is asked for besides, as a query without `?`. */
  readonly query?: string;
  /** As RBAC and people name it: `nodes`, `virtualmachines.kubevirt.io`. */
  readonly name: string;
  /** KubeVirt's own; missing altogether where KubeVirt is not installed. */
  readonly isKubeVirt: boolean;
  /** The picture does without it where the cluster has none, or the role does not allow it. */
  readonly isOptional: boolean;
}

const groupResource = (group: string, version: string, plural: string, isOptional: boolean): Resource => ({
  path: `/apis/${group}/${version}/${plural}`,
  name: `${plural}.${group}`,
  isKubeVirt: group === 'kubevirt.io',
  isOptional,
});

const kubeVirtResource = (plural: string, isOptional = false): Resource => groupResource('kubevirt.io', 'v1', plural, isOptional);

/** The launcher pods of migrations' targets; virt-controller labels no other. */
const TARGET_PODS = `labelSelector=${encodeURIComponent('kubevirt.io=virt-launcher,kubevirt.io/migrationJobUID')}`;

const INVENTORIES_PATH = '/apis/metal.harvesterhci.io/v1alpha1/namespaces/harvester-system/inventories';

export const RESOURCES: { readonly [Name in FactKind]: Resource } = {
  host: { path: '/api/v1/nodes', name: 'nodes', isKubeVirt: false, isOptional: false },
  vm: kubeVirtResource('virtualmachines'),
  vmi: kubeVirtResource('virtualmachineinstances'),
  vmim: kubeVirtResource('virtualmachineinstancemigrations'),
  pod: { path: '/api/v1/pods', query: TARGET_PODS, name: 'pods', isKubeVirt: false, isOptional: true },
  kubevirt: kubeVirtResource('kubevirts', true),
  // Seeder keeps them in one namespace, where nobody else may say that a host is off.
  power: { ...groupResource('metal.harvesterhci.io', 'v1alpha1', 'inventories', true), path: INVENTORIES_PATH },
  upgrade: groupResource('harvesterhci.io', 'v1beta1', 'upgrades', true),
  restore: groupResource('harvesterhci.io', 'v1beta1', 'virtualmachinerestores', true),
};
