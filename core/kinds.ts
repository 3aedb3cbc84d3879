/** The closed lists of the model: what a stage, a cause, an outcome, a danger, a host's state and the reasons can be. */

export const TRANSIT_STAGES = ['queued', 'scheduling', 'preparing', 'transferring', 'switching', 'finishing', 'aborting'] as const;
/**
 * How far a migration in flight has come.
 * `queued` waits and has not started · `scheduling` the target pod is being placed · `preparing` the target gets ready ·
 * `transferring` memory is copied · `switching` the guest is handed over · `finishing` it runs on the target, KubeVirt tidies up ·
 * `aborting` an abort was asked for.
 */
export type TransitStage = (typeof TRANSIT_STAGES)[number];

export const CAUSES = ['user', 'drain', 'upgrade', 'hotplug', 'storage', 'rebalance', 'cross-cluster', 'unknown'] as const;
/** Who or what asked for a migration (harvester/harvester#8924). */
export type Cause = (typeof CAUSES)[number];

export const OUTCOMES = ['succeeded', 'failed', 'aborted', 'unknown'] as const;
/** How a migration ended. `unknown` when nothing that is left says so (T3, T7). */
export type Outcome = (typeof OUTCOMES)[number];

export const DANGERS = ['post-copy', 'dead-host', 'io-error', 'manual-recovery', 'not-converging'] as const;
/** Something a person must know before touching the VM or its host. */
export type Danger = (typeof DANGERS)[number];

export const HOST_STATES = [
  'active',
  'cordoned',
  'draining',
  'entering-maintenance',
  'maintenance',
  'unavailable',
  'in-progress',
  'pressure',
  'witness',
  'stopping',
  'starting',
  'rebooting',
  'off',
] as const;
/**
 * A host's state, Harvester's names. `unavailable`: the kubelet says it is not ready. `in-progress`: the kubelet has stopped
 * reporting, so nothing about the host is known (harvester/harvester#1035). `pressure`: it runs out of memory, disk, processes or
 * network. `witness`: it only votes in etcd and never holds a VM. The last four come from an object of Harvester's Seeder, which
 * asks the host's own controller; they are never guessed.
 */
export type HostState = (typeof HOST_STATES)[number];

export const DRAIN_ANSWERS = [
  'empty',
  'off',
  'not-reporting',
  'vms-here',
  'vms-arriving',
  'vms-unplaced',
  'schedulable',
  'maintenance-under-way',
  'etcd-quorum',
] as const;
/**
 * Why a host is safe to power off, or is not (harvester/harvester#2539). `empty` and `off` are the two that mean yes.
 * `not-reporting`: what runs on it cannot be known · `vms-unplaced`: there is a guest, being started or moved or malformed, of which
 * nobody can tell that it is not here · `schedulable`: a VM can still be placed on it · `maintenance-under-way`:
 * Harvester has not finished · `etcd-quorum`: without it the cluster's etcd has no majority.
 */
export type DrainAnswer = (typeof DRAIN_ANSWERS)[number];

export const WAIT_REASONS = [
  'peer',
  'quota',
  'backup',
  'utility-volumes',
  'blocked',
  'backoff',
  'active-pods',
  'cluster-limit',
  'host-limit',
  'unschedulable',
  'same-host',
  'unknown-phase',
  'no-migration',
  'not-migratable',
  'shutdown',
] as const;
/**
 * Why a VM that is to move does not.
 * `peer` the other side of a cross-cluster migration · `quota`, `backup`, `utility-volumes`, `blocked` a condition of the VMIM ·
 * `backoff` KubeVirt waits after failures · `active-pods` two launcher pods of the VM exist (kubevirt#12773) · `cluster-limit`,
 * `host-limit` as many migrations run as may · `unschedulable` no host takes the target pod · `same-host` the target pod is on the
 * source (kubevirt#18946) · `unknown-phase` a phase this version does not know · `no-migration` asked to leave, no VMIM yet ·
 * `not-migratable` · `shutdown` it will be shut down instead (Harvester's maintain-mode-strategy).
 */
export type WaitReason = (typeof WAIT_REASONS)[number];

/** The reason of a VM that is off because its guest lives in another cluster; the page has words of its own for it. */
export const MOVED_AWAY = 'moved to another cluster';

export const isSafe = (answer: DrainAnswer): boolean => answer === 'empty' || answer === 'off';
