/** English, and the type that every other language has to satisfy: what the first board needs. The rest is in en-late.ts, and of a view beside it. */
import type { Cause, HostState, TransitStage, VmState } from '../../core/model.ts';

export const count = (number: number, noun: string): string => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

export const en = {
  states: {
    running: 'running',
    paused: 'paused',
    starting: 'starting',
    stopping: 'stopping',
    off: 'off',
    'not-ready': 'not ready',
    unschedulable: 'unschedulable',
    provisioning: 'provisioning',
    error: 'error',
    terminating: 'terminating',
    restarting: 'restarting',
    unknown: 'unknown',
    'waiting-for-receiver': 'awaiting receiver',
  } satisfies Record<VmState, string>,
  stages: {
    queued: 'queued',
    scheduling: 'scheduling',
    preparing: 'preparing target',
    transferring: 'copying memory',
    switching: 'switching over',
    finishing: 'finishing',
    aborting: 'aborting',
  } satisfies Record<TransitStage, string>,
  causes: {
    user: 'by hand',
    drain: 'drain',
    upgrade: 'upgrade',
    hotplug: 'hot-plug',
    storage: 'storage',
    rebalance: 'rebalance',
    'cross-cluster': 'cross-cluster',
    unknown: 'cause unknown',
  } satisfies Record<Cause, string>,
  hostStates: {
    active: 'active',
    cordoned: 'cordoned',
    draining: 'draining',
    'entering-maintenance': 'entering maintenance',
    maintenance: 'maintenance',
    unavailable: 'not ready',
    'in-progress': 'not reporting',
    pressure: 'under pressure',
    witness: 'witness',
    stopping: 'powering off',
    starting: 'powering on',
    rebooting: 'rebooting',
    off: 'powered off',
  } satisfies Record<HostState, string>,
  unknownHost: 'no such node known',

  hostsUp: 'hosts up',
  /** In the order in which they stand above the picture. */
  counts: {
    moving: 'moving',
    queued: 'queued',
    failed: 'last move failed',
    attention: 'need attention',
    vms: 'VMs',
  },
  vmCount: (vms: number) => count(vms, 'VM'),
  lanes: { settled: 'Here', leaving: 'Leaving', arriving: 'Arriving', unplaced: 'Not on a host' },
  unplacedHint: 'Off, failed, or not placed yet',
  drawing: (vms: number) => `Still drawing: ${count(vms, 'VM')}`,

  toTarget: (host: string) => `→ ${host}`,
  fromSource: (host: string) => `← ${host}`,
  targetPending: '→ being chosen',
  targetAsked: (host: string) => `→ asked for ${host}`,
  sourceUnknown: '← unknown host',
  /** To and from another cluster; `host` is a name over there. */
  toCluster: (host: string | undefined) => `→ another cluster${host === undefined ? '' : ` (${host})`}`,
  suspended: 'paused to finish the move',

  badge: {
    connecting: 'Connecting…',
    live: 'Live',
    reconnectingIn: (seconds: number) => `Reconnecting in ${seconds} s`,
    reconnecting: 'Reconnecting…',
    stale: (since: string, age: string) => `Stale since ${since} (${age})`,
    waiting: 'Waiting for the first sync',
    past: 'The past',
  },
  lastHeard: (time: string) => `last heard ${time}`,
  neverHeard: 'never heard',
  refused: 'Refused',
  partsMissing: 'Parts of the page could not be loaded.',
  reload: 'Reload',
  trouble: 'Hostview cannot be reached. It is tried again by itself.',
};

export type Messages = typeof en;
