/** The resources the simulated API serves: one row each, read by discovery, routing and error messages. */
import type { ClusterObject, ResourceName } from './objects.ts';

export interface Resource {
  readonly name: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly kind: ClusterObject['kind'];
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Writes that a client may make; reads are always served. */
  readonly writes: readonly ('create' | 'update' | 'patch' | 'delete')[];
  /** The resource has `/status`: a write to the one half leaves the other alone. A VMI has none. */
  readonly statusSubresource: boolean;
}

const HARVESTER = {
  group: 'harvesterhci.io',
  version: 'v1beta1',
  namespaced: true,
  shortNames: [],
  writes: [],
  statusSubresource: true,
} as const;
const KUBEVIRT = { group: 'kubevirt.io', version: 'v1', namespaced: true } as const;

export const RESOURCES: { readonly [R in ResourceName]: Resource & { readonly name: R } } = {
  nodes: {
    name: 'nodes',
    group: '',
    version: 'v1',
    kind: 'Node',
    singular: 'node',
    shortNames: ['no'],
    namespaced: false,
    writes: ['patch'],
    statusSubresource: true,
  },
  namespaces: {
    name: 'namespaces',
    group: '',
    version: 'v1',
    kind: 'Namespace',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    writes: [],
    statusSubresource: true,
  },
  configmaps: {
    name: 'configmaps',
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    singular: 'configmap',
    shortNames: ['cm'],
    namespaced: true,
    writes: [],
    statusSubresource: false,
  },
  leases: {
    name: 'leases',
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    singular: 'lease',
    shortNames: [],
    namespaced: true,
    writes: ['create', 'update', 'patch', 'delete'],
    statusSubresource: false,
  },
  virtualmachines: {
    ...KUBEVIRT,
    name: 'virtualmachines',
    kind: 'VirtualMachine',
    singular: 'virtualmachine',
    shortNames: ['vm', 'vms'],
    writes: [],
    statusSubresource: true,
  },
  virtualmachineinstances: {
    ...KUBEVIRT,
    name: 'virtualmachineinstances',
    kind: 'VirtualMachineInstance',
    singular: 'virtualmachineinstance',
    shortNames: ['vmi', 'vmis'],
    writes: [],
    statusSubresource: false,
  },
  virtualmachineinstancemigrations: {
    ...KUBEVIRT,
    name: 'virtualmachineinstancemigrations',
    kind: 'VirtualMachineInstanceMigration',
    singular: 'virtualmachineinstancemigration',
    shortNames: ['vmim', 'vmims'],
    writes: ['create', 'delete'],
    statusSubresource: true,
  },
  pods: {
    name: 'pods',
    group: '',
    version: 'v1',
    kind: 'Pod',
    singular: 'pod',
    shortNames: ['po'],
    namespaced: true,
    writes: [],
    statusSubresource: true,
  },
  kubevirts: {
    ...KUBEVIRT,
    name: 'kubevirts',
    kind: 'KubeVirt',
    singular: 'kubevirt',
    shortNames: ['kv', 'kvs'],
    writes: [],
    statusSubresource: true,
  },
  inventories: {
    ...HARVESTER,
    group: 'metal.harvesterhci.io',
    version: 'v1alpha1',
    name: 'inventories',
    kind: 'Inventory',
    singular: 'inventory',
  },
  upgrades: { ...HARVESTER, name: 'upgrades', kind: 'Upgrade', singular: 'upgrade' },
  virtualmachinerestores: {
    ...HARVESTER,
    name: 'virtualmachinerestores',
    kind: 'VirtualMachineRestore',
    singular: 'virtualmachinerestore',
  },
};

export const RESOURCE_NAMES = Object.keys(RESOURCES).filter(isResourceName);

export function isResourceName(name: string): name is ResourceName {
  return Object.hasOwn(RESOURCES, name);
}

/** `virtualmachines.kubevirt.io`, or plain `nodes` in the core group: how Kubernetes' messages name a resource. */
export const formatResource = (resource: Resource): string =>
  resource.group === '' ? resource.name : `${resource.name}.${resource.group}`;

/** `v1` or `kubevirt.io/v1`. */
export const apiVersionOf = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
