/** What VM templates and VMIs say of the guest: its name for people, its system, its size. */
import { isRecord, type JsonRecord, optional, recordAt, textAt, valueAt } from './json.ts';
import type { Identity } from './metadata.ts';
import { isCountable, parseQuantity } from './quantity.ts';

export interface GuestFacts {
  readonly displayName?: string;
  readonly os?: string;
  /** Virtual CPUs. */
  readonly cpu?: number;
  /** Bytes. */
  readonly memory?: number;
}

const DISPLAY_NAME = 'harvesterhci.io/vmDisplayName';
const HARVESTER_OS = 'harvesterhci.io/os';
/** Set by KubeVirt's common templates. */
const TEMPLATE_OS = 'vm.kubevirt.io/os';

export function projectVmGuest(identity: Identity, vm: unknown): GuestFacts {
  const template = recordAt(vm, 'spec', 'template');
  const domain = recordAt(template, 'spec', 'domain');
  return {
    ...optional('displayName', displayNameOf(identity)),
    ...optional('os', markedOs(identity.labels) ?? markedOs(recordAt(template, 'metadata', 'labels')) ?? templateOs(template)),
    ...optional('cpu', cpuOfDomain(domain)),
    ...optional('memory', memoryOfDomain(domain)),
  };
}

/** The VMI's status beats its spec: hot-plug changes the guest before the template (KubeVirt ≥ 1.1). */
export function projectVmiGuest(identity: Identity, vmi: unknown): GuestFacts {
  const domain = recordAt(vmi, 'spec', 'domain');
  return {
    ...optional('displayName', displayNameOf(identity)),
    ...optional('os', markedOs(identity.labels) ?? textAt(vmi, 'status', 'guestOSInfo', 'id') ?? textAt(identity.annotations, TEMPLATE_OS)),
    ...optional('cpu', cpuOfTopology(valueAt(vmi, 'status', 'currentCPUTopology')) ?? cpuOfDomain(domain)),
    ...optional('memory', parseQuantity(valueAt(vmi, 'status', 'memory', 'guestCurrent')) ?? memoryOfDomain(domain)),
  };
}

const displayNameOf = (identity: Identity): string | undefined =>
  textAt(identity.annotations, DISPLAY_NAME) ?? textAt(identity.labels, DISPLAY_NAME);
const markedOs = (labels: JsonRecord): string | undefined => textAt(labels, HARVESTER_OS);
const templateOs = (template: JsonRecord): string | undefined => textAt(template, 'metadata', 'annotations', TEMPLATE_OS);

function cpuOfDomain(domain: JsonRecord): number | undefined {
  const cores = cpuOfTopology(domain.cpu) ?? quantityOf(domain, 'limits', 'cpu') ?? quantityOf(domain, 'requests', 'cpu');
  // KubeVirt gives a guest whole CPUs: a request of 1500m boots with two.
  return cores === undefined ? undefined : Math.ceil(cores);
}

/** Sockets × cores × threads; one where only some of them are set. */
function cpuOfTopology(topology: unknown): number | undefined {
  if (!isRecord(topology)) return undefined;
  const counts = ['sockets', 'cores', 'threads'].map((field) => topology[field]).filter(isCount);
  const product = counts.reduce((cpus, count) => cpus * count, 1);
  return counts.length > 0 && isCountable(product) ? product : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const memoryOfDomain = (domain: JsonRecord): number | undefined =>
  parseQuantity(valueAt(domain, 'memory', 'guest')) ?? quantityOf(domain, 'requests', 'memory') ?? quantityOf(domain, 'limits', 'memory');

const quantityOf = (domain: JsonRecord, bound: 'requests' | 'limits', resource: string): number | undefined =>
  parseQuantity(valueAt(domain, 'resources', bound, resource));
