import { expect, it } from 'vitest';
import { adviceFor } from '../../../web/drain/drain-advice.ts';

it.each([
  ['HostDeviceNotLiveMigratable: VMI uses a PCI host devices', 'device'],
  ['DisksNotLiveMigratable: cannot migrate VMI: PVC data is not shared', 'disks'],
  ['InterfaceNotLiveMigratable: cannot migrate VMI which does not use masquerade', 'network'],
  ['VirtIOFSNotLiveMigratable', 'folder'],
  ['CPUModeLiveMigratable: cannot migrate VMI', 'cpu'],
  ['pinned to host-1 by its nodeSelector', 'pinned'],
  ['toString: of a hostile cluster', 'other'],
  ['SomethingNew: of a later version', 'other'],
  [undefined, 'other'],
])('what to do about %s', (reason, advice) => {
  expect(adviceFor(reason)).toBe(advice);
});
