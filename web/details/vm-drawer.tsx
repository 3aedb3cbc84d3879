import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { VmHistory } from '../../core/history.ts';
import type { HostName, Vm, VmId } from '../../core/model.ts';
import { needsPerson } from '../board/board.ts';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { Shape } from '../parts/shape.tsx';
import { StateLink } from '../parts/state-link.tsx';
import { useLateWords } from '../words/late-words.ts';
import { migratableText } from '../words/migratable-text.ts';
import { stateText } from '../words/state-text.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { DetailFailure, DetailPending } from './detail-failure.tsx';
import { DrawerHead, DrawerPart } from './drawer.tsx';
import { Fact } from './facts.tsx';
import { placeAt } from './timeline.ts';
import { openVmDetail, type VmDetailModel } from './vm-detail-model.ts';
import { VmMachine } from './vm-drawer-machine.tsx';
import { LastMovePart, OtherMovesPart } from './vm-drawer-moves.tsx';
import { VmPlaces } from './vm-drawer-places.tsx';
import { TransitPart } from './vm-drawer-transit.tsx';

/** Everything known of a VM: what the painted picture says of it, and below what the room remembers. */
export function VmDrawer({ id }: { readonly id: VmId }) {
  const session = useSession();
  const { details } = useDetailsWords();
  const model = useMemo(() => openVmDetail(session, id), [session, id]);
  // Not useEffect: see cluster-view.tsx.
  useLayoutEffect(() => model.close, [model]);
  const vm = session.cluster.vm(id);
  return (
    <>
      {vm === undefined ? (
        <>
          <DrawerHead title={id} />
          <p class="drawer-note">{session.connection.past.value === null ? details.gone : details.goneThen}</p>
        </>
      ) : (
        <VmNow vm={vm} model={model} />
      )}
      {vm !== undefined && <VmMachine vm={vm} detail={model.detail.value} />}
      <VmRemembered vm={vm} model={model} />
    </>
  );
}

function VmNow({ vm, model }: { readonly vm: Vm; readonly model: VmDetailModel }) {
  const { words } = useWords();
  const { dangers } = useLateWords();
  const { details } = useDetailsWords();
  return (
    <>
      <DrawerHead title={vm.displayName ?? vm.name}>
        <span>
          <Shape of={vm.state} /> {stateText(vm, words)}
        </span>
        <span>{vm.namespace}</span>
      </DrawerHead>
      {vm.danger !== undefined && (
        <ul class="dangers" aria-label={details.danger}>
          {vm.danger.map((danger) => (
            <li key={danger} data-urgent={needsPerson({ state: 'running', danger: [danger] }) ? 'true' : undefined}>
              {dangers[danger]}
            </li>
          ))}
        </ul>
      )}
      <VmPlacement vm={vm} model={model} />
      {vm.transit !== undefined && <TransitPart transit={vm.transit} model={model} />}
      <LastMovePart last={vm.lastMigration} records={model.history.value?.migrations ?? []} />
    </>
  );
}

function VmPlacement({ vm, model }: { readonly vm: Vm; readonly model: VmDetailModel }) {
  const { formats } = useWords();
  const late = useLateWords();
  const { facts } = late;
  const { details } = useDetailsWords();
  const { host, previous, evacuation, reason } = vm;
  return (
    <dl class="facts">
      <Fact name={details.reason}>{reason}</Fact>
      <Fact name={details.host}>{host === null ? facts.noHost : <HostSince host={host} history={model.history.value} />}</Fact>
      {previous !== undefined && (
        <Fact name={details.previous}>
          {previous.until === null ? (
            details.wasThereUnwatched(previous.host)
          ) : (
            <>
              {details.wasThere(previous.host)} <Moment at={previous.until} />
            </>
          )}
        </Fact>
      )}
      {evacuation !== undefined && (
        <>
          <Fact name={details.toLeave}>{evacuation.from}</Fact>
          <Fact name={details.waitingFor}>{late.wait(evacuation.waitingFor, formats)}</Fact>
        </>
      )}
      <Fact name={details.migratable}>{migratableText(vm, facts)}</Fact>
    </dl>
  );
}

function HostSince({ host, history }: { readonly host: HostName; readonly history: VmHistory | null }) {
  const { details } = useDetailsWords();
  const past = useSession().connection.past.value;
  const place = placeAt(history?.places ?? [], host, past?.at ?? null);
  return (
    <>
      <StateLink to={{ host, vm: null }}>{host}</StateLink>
      {place !== undefined && (
        <span class="fact-more">
          {place.since === null ? (
            details.sinceUnwatched
          ) : (
            <>
              {details.since} <Moment at={place.since} /> · <Elapsed since={place.since} />
            </>
          )}
        </span>
      )}
    </>
  );
}

/** What is not in the picture. It is of now, also where the picture is of the past. */
function VmRemembered({ vm, model }: { readonly vm: Vm | undefined; readonly model: VmDetailModel }) {
  const { details } = useDetailsWords();
  const past = useSession().connection.past.value;
  const history = model.history.value;
  const isPending = model.isPending.value;
  return (
    <>
      {past !== null && (
        <p class="drawer-note">
          {details.shownThen} <Moment at={past.at} /> · {details.restIsNow}
        </p>
      )}
      <DetailFailure failure={model.failure.value} hasOlder={history !== null} onRetry={model.ask} />
      <OtherMovesPart last={vm?.lastMigration} records={history?.migrations ?? []} />
      {history !== null && history.places.length > 0 && (
        <DrawerPart title={details.places}>
          <VmPlaces history={history} host={vm?.host ?? null} />
        </DrawerPart>
      )}
      {isPending && <DetailPending />}
    </>
  );
}
