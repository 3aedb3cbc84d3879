/** Labels as people give them to VMs: what a VM is for and whose it is. Some have none. */
import type { StringMap } from './objects.ts';

/** What a forwarder is told to send. */
export const VM_LABELS = ['app', 'team', 'tier'] as const;

const TEAM_OF: Readonly<Record<string, string>> = {
  web: 'shop',
  api: 'shop',
  db: 'data',
  cache: 'data',
  batch: 'data',
  queue: 'platform',
  build: 'platform',
  gitlab: 'platform',
  proxy: 'platform',
  monitor: 'platform',
  mail: 'office',
  files: 'office',
};

/** Of the VirtualMachine itself. Named as the VM is: `ubuntu-web-1` is for `web`. */
export function vmLabelsOf(name: string): StringMap {
  const app = name.split('-')[1] ?? '';
  return Object.hasOwn(TEAM_OF, app) ? { app, team: TEAM_OF[app] ?? '' } : {};
}

/** Of its template, "instance labels" in Harvester: its guest gets them too. */
export function instanceLabelsOf(name: string, namespace: string): StringMap {
  const isKnown = Object.keys(vmLabelsOf(name)).length > 0;
  return isKnown ? { tier: namespace === 'staging' ? 'staging' : 'production' } : {};
}
