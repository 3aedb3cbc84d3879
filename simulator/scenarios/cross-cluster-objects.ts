/** The two halves of a migration between clusters (KubeVirt ≥ 1.6), as one of the clusters sees them. Pure. */
import type { MigrationSide, MigrationState, VirtualMachineInstance as Vmi } from '../objects.ts';

/** What is known of the other cluster's half. Its node may well be called like one of ours. */
export interface Peer {
  readonly node: string;
  readonly pod: string;
  readonly vmiUid: string;
  readonly vmimUid: string;
  readonly syncAddress: string;
}

export const SYNC_ADDRESS = '10.52.0.31:9185';

export const setState = (vmi: Vmi, change: (state: MigrationState) => MigrationState): Vmi => ({
  ...vmi,
  status: { ...vmi.status, migrationState: change(vmi.status.migrationState ?? {}) },
});

const domainOf = (vmi: Vmi): Pick<MigrationSide, 'domainName' | 'domainNamespace'> => ({
  domainName: `${vmi.metadata.namespace}_${vmi.metadata.name}`,
  domainNamespace: vmi.metadata.namespace ?? '',
});

/** Our half; each side's migrationUid is that of its own VMIM. */
export const describeOwn = (vmi: Vmi, vmimUid: string, more: MigrationSide = {}): MigrationSide => ({
  ...domainOf(vmi),
  migrationUID: vmimUid,
  syncAddress: SYNC_ADDRESS,
  virtualMachineInstanceUID: vmi.metadata.uid,
  ...more,
});

/** The other half as far as it is synchronized: first who it is, later where. */
export const describePeer = (vmi: Vmi, peer: Peer, isPlaced: boolean): MigrationSide => ({
  ...domainOf(vmi),
  migrationUID: peer.vmimUid,
  syncAddress: peer.syncAddress,
  virtualMachineInstanceUID: peer.vmiUid,
  ...(isPlaced ? { node: peer.node, pod: peer.pod } : {}),
});
