/** What to do about a VM that cannot move, by what KubeVirt gives as the reason of its condition LiveMigratable. */
export type Advice = 'device' | 'disks' | 'folder' | 'network' | 'cpu' | 'pinned' | 'other';

const BY_REASON: Readonly<Record<string, Advice>> = {
  HostDeviceNotLiveMigratable: 'device',
  DisksNotLiveMigratable: 'disks',
  HotplugNotLiveMigratable: 'disks',
  PersistentReservationNotLiveMigratable: 'disks',
  VirtIOFSNotLiveMigratable: 'folder',
  InterfaceNotLiveMigratable: 'network',
  CPUModeLiveMigratable: 'cpu',
};

/** `reason`: as the model has it, `Reason: message`; or what Hostview itself found (core/derive/vm.ts). */
export function adviceFor(reason: string | undefined): Advice {
  if (reason === undefined) return 'other';
  if (reason.startsWith('pinned to ')) return 'pinned';
  const [word = ''] = reason.split(':');
  return Object.hasOwn(BY_REASON, word) ? (BY_REASON[word] ?? 'other') : 'other';
}
