import type { HostName } from '../../core/model.ts';
import { HostDrain } from '../drain/host-drain.tsx';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { useDetailsWords } from '../words/view-words.ts';
import { CapacityBars } from './capacity-bars.tsx';
import { DrawerHead, DrawerPart } from './drawer.tsx';
import { Fact } from './facts.tsx';
import { HostVms } from './host-drawer-vms.tsx';

/** Everything known of a host: all of it is in the painted picture. */
export function HostDrawer({ name }: { readonly name: HostName }) {
  const { cluster, connection } = useSession();
  const { words, formats } = useWords();
  const { hostDetails } = useDetailsWords();
  // A host that goes and comes back has other lists.
  const isShown = cluster.hostNames.value.includes(name);
  const host = cluster.host(name);
  if (!isShown) {
    return (
      <>
        <DrawerHead title={name} />
        <p class="drawer-note">{connection.past.value === null ? hostDetails.gone : hostDetails.goneThen}</p>
      </>
    );
  }
  return (
    <>
      <DrawerHead title={host?.displayName ?? name}>
        <span>
          <Shape of={host?.state ?? 'in-progress'} /> {host === undefined ? words.unknownHost : words.hostStates[host.state]}
        </span>
      </DrawerHead>
      {host === undefined && <p class="drawer-note">{hostDetails.noNode}</p>}
      {host !== undefined && host.reasons.length > 0 && (
        <ul class="host-reasons" aria-label={hostDetails.reasons}>
          {host.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {host?.drain !== undefined && (
        <DrawerPart title={hostDetails.drain}>
          <HostDrain host={host} />
        </DrawerPart>
      )}
      <DrawerPart title={hostDetails.capacity}>
        <CapacityBars name={name} />
      </DrawerPart>
      <HostVms name={name} />
      {host !== undefined && (
        <DrawerPart title={hostDetails.node}>
          <dl class="facts">
            <Fact name={hostDetails.name}>{name}</Fact>
            <Fact name={hostDetails.roles}>{host.roles.length === 0 ? hostDetails.noRoles : formats.list(host.roles)}</Fact>
            <Fact name={hostDetails.zone}>{host.zone ?? hostDetails.notKnown}</Fact>
          </dl>
        </DrawerPart>
      )}
    </>
  );
}
