/** Which VMs a simulated cluster starts with: names a person would give, and one of each kind of trouble. */
import type { JsonObject } from './objects.ts';
import type { Random } from './random.ts';

export type OsName = 'ubuntu' | 'debian' | 'windows' | 'opensuse' | 'rocky' | 'fedora';

export interface VmPlan {
  readonly namespace: string;
  readonly name: string;
  readonly os: OsName;
  readonly cpuCores: number;
  readonly memoryGiB: number;
  readonly power: 'running' | 'off' | 'paused';
  /** A PCI device of the host is passed through: KubeVirt cannot migrate it live. */
  readonly hostDevice: boolean;
}

/** `status.guestOSInfo` as the guest agent reports it. */
export const GUEST_OS: Readonly<Record<OsName, JsonObject>> = {
  ubuntu: {
    id: 'ubuntu',
    name: 'Ubuntu',
    prettyName: 'Ubuntu 24.04.3 LTS',
    version: '24.04.3 LTS (Noble Numbat)',
    versionId: '24.04',
    kernelRelease: '6.8.0-79-generic',
    kernelVersion: '#79-Ubuntu SMP PREEMPT_DYNAMIC',
    machine: 'x86_64',
  },
  debian: {
    id: 'debian',
    name: 'Debian GNU/Linux',
    prettyName: 'Debian GNU/Linux 13 (trixie)',
    version: '13 (trixie)',
    versionId: '13',
    kernelRelease: '6.12.43+deb13-amd64',
    kernelVersion: '#1 SMP PREEMPT_DYNAMIC Debian 6.12.43-1',
    machine: 'x86_64',
  },
  windows: {
    id: 'mswindows',
    name: 'Microsoft Windows',
    prettyName: 'Windows Server 2022 Standard',
    version: 'Microsoft Windows Server 2022',
    versionId: '2022',
    kernelRelease: '20348',
    kernelVersion: '10.0',
    machine: 'x86_64',
  },
  opensuse: {
    id: 'opensuse-leap',
    name: 'openSUSE Leap',
    prettyName: 'openSUSE Leap 15.6',
    version: '15.6',
    versionId: '15.6',
    kernelRelease: '6.4.0-150600.23.60-default',
    kernelVersion: '#1 SMP PREEMPT_DYNAMIC',
    machine: 'x86_64',
  },
  rocky: {
    id: 'rocky',
    name: 'Rocky Linux',
    prettyName: 'Rocky Linux 9.6 (Blue Onyx)',
    version: '9.6 (Blue Onyx)',
    versionId: '9.6',
    kernelRelease: '5.14.0-570.32.1.el9_6.x86_64',
    kernelVersion: '#1 SMP PREEMPT_DYNAMIC',
    machine: 'x86_64',
  },
  fedora: {
    id: 'fedora',
    name: 'Fedora Linux',
    prettyName: 'Fedora Linux 42 (Server Edition)',
    version: '42 (Server Edition)',
    versionId: '42',
    kernelRelease: '6.16.5-200.fc42.x86_64',
    kernelVersion: '#1 SMP PREEMPT_DYNAMIC',
    machine: 'x86_64',
  },
};

export const isOsName = (os: string): os is OsName => Object.hasOwn(GUEST_OS, os);

type NamedPlan = readonly [name: string, os: OsName, cpuCores: number, memoryGiB: number, more?: Partial<VmPlan>];

/** The first twelve. The Ubuntu VM of the original report comes first; its name is taken twice, in two namespaces. */
const NAMED_VMS: readonly NamedPlan[] = [
  ['ubuntu-web-1', 'ubuntu', 2, 4],
  ['windows-ad-1', 'windows', 4, 8],
  ['debian-mail-1', 'debian', 2, 4],
  ['ubuntu-db-1', 'ubuntu', 4, 16],
  ['opensuse-build-1', 'opensuse', 8, 16],
  ['ubuntu-web-1', 'ubuntu', 2, 4, { namespace: 'staging' }],
  ['render-gpu-1', 'rocky', 8, 32, { hostDevice: true }],
  ['windows-test-1', 'windows', 4, 8, { power: 'off', namespace: 'staging' }],
  ['fedora-jump-1', 'fedora', 1, 2, { power: 'paused' }],
  ['ubuntu-web-2', 'ubuntu', 2, 4],
  ['rocky-gitlab-1', 'rocky', 4, 12],
  ['debian-archive-1', 'debian', 1, 2, { power: 'off' }],
];

const ROLES = ['web', 'api', 'db', 'cache', 'queue', 'build', 'mail', 'proxy', 'files', 'batch', 'monitor', 'desk'] as const;
const OS_NAMES: readonly OsName[] = ['ubuntu', 'debian', 'windows', 'opensuse', 'rocky', 'fedora'];
const NAMESPACES = ['default', 'staging', 'production', 'team-blue', 'team-green'] as const;
const SIZES = [
  [1, 2],
  [2, 4],
  [2, 8],
  [4, 8],
  [4, 16],
  [8, 16],
] as const;
const OFF_SHARE = 0.08;
const PAUSED_SHARE = 0.01;
const DEFAULT_DEVICE_SHARE = 0.01;

/** `count` VMs, the same for the same seed. Names are unique within a namespace. `deviceShare`: of those beyond the first twelve. */
export function planVms(count: number, random: Random, deviceShare = DEFAULT_DEVICE_SHARE): readonly VmPlan[] {
  const plans: VmPlan[] = NAMED_VMS.slice(0, count).map(([name, os, cpuCores, memoryGiB, more]) => ({
    namespace: 'default',
    name,
    os,
    cpuCores,
    memoryGiB,
    power: 'running',
    hostDevice: false,
    ...more,
  }));
  for (let index = plans.length; index < count; index += 1) {
    const os = OS_NAMES[index % OS_NAMES.length] ?? 'ubuntu';
    const role = ROLES[Math.floor(index / OS_NAMES.length) % ROLES.length] ?? 'web';
    const [cpuCores, memoryGiB] = random.pick(SIZES) ?? SIZES[0];
    const chance = random.next();
    plans.push({
      namespace: random.pick(NAMESPACES) ?? 'default',
      name: `${os}-${role}-${index + 1}`,
      os,
      cpuCores,
      memoryGiB,
      power: chance < OFF_SHARE ? 'off' : chance < OFF_SHARE + PAUSED_SHARE ? 'paused' : 'running',
      hostDevice: random.next() < deviceShare,
    });
  }
  return plans;
}
