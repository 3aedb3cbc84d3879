/** What a frame of the past did, in the order in which it matters to people: for whoever steps through them. Pure. */
import { isEqualJson } from '../../core/equal.ts';
import type { Host, HostName, HostState, Outcome, TransitStage, Vm, VmState } from '../../core/model.ts';
import { type PastWindow, stateAt } from './past-window.ts';

export type News =
  | { readonly kind: 'moved'; readonly name: string; readonly from: HostName; readonly to: HostName }
  | { readonly kind: 'ended'; readonly name: string; readonly outcome: Outcome }
  | { readonly kind: 'stage'; readonly name: string; readonly stage: TransitStage }
  | { readonly kind: 'state'; readonly name: string; readonly state: VmState }
  | { readonly kind: 'host'; readonly name: string; readonly state: HostState }
  | { readonly kind: 'came' | 'went' | 'changed'; readonly name: string };

const ORDER: readonly News['kind'][] = ['moved', 'ended', 'stage', 'state', 'host', 'came', 'went', 'changed'];

/** Of the frame that led to the window's position; nothing at its base. */
export function newsOf(window: PastWindow): News[] {
  const frame = window.frames[window.index - 1];
  if (frame === undefined) return [];
  const before = stateAt({ ...window, index: window.index - 1 });
  const news = [
    ...(frame.vms ?? []).map((vm) => newsOfVm(before.vms.get(vm.id), vm)),
    ...(frame.goneVms ?? []).map((id): News => ({ kind: 'went', name: before.vms.get(id)?.displayName ?? id })),
    ...(frame.hosts ?? []).map((host) => newsOfHost(before.hosts.get(host.name), host)),
    ...(frame.goneHosts ?? []).map((name): News => ({ kind: 'went', name: before.hosts.get(name)?.displayName ?? name })),
  ];
  return news.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function newsOfVm(before: Vm | undefined, after: Vm): News {
  const name = after.displayName ?? after.name;
  if (before === undefined) return { kind: 'came', name };
  if (before.host !== null && after.host !== null && before.host !== after.host)
    return { kind: 'moved', name, from: before.host, to: after.host };
  const end = after.lastMigration;
  if (end !== undefined && !isEqualJson(before.lastMigration, end)) return { kind: 'ended', name, outcome: end.outcome };
  if (after.transit !== undefined && after.transit.stage !== before.transit?.stage)
    return { kind: 'stage', name, stage: after.transit.stage };
  return before.state === after.state ? { kind: 'changed', name } : { kind: 'state', name, state: after.state };
}

function newsOfHost(before: Host | undefined, after: Host): News {
  const name = after.displayName ?? after.name;
  if (before === undefined) return { kind: 'came', name };
  return before.state === after.state ? { kind: 'changed', name } : { kind: 'host', name, state: after.state };
}
