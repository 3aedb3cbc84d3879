import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Cause, causeOf, type LastMigration, type Transit, type Vm, type VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../chip-id.ts';
import { useSession, useWords } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { usePageState } from '../models/page-state-model.ts';
import { stateText } from '../state-text.ts';
import { Elapsed } from './elapsed.tsx';
import { ProgressFact } from './move-progress.tsx';
import { Shape } from './shape.tsx';

/** Everything known of the selected VM, beside the board, which stays live and usable. Esc closes. */
export function VmDetails() {
  const id = usePageState().state.value.vm;
  return id === null ? null : <DetailsPanel key={id} id={id} />;
}

function DetailsPanel({ id }: { readonly id: VmId }) {
  const { cluster } = useSession();
  const { go } = usePageState();
  const { details } = useLateWords();
  const panel = useRef<HTMLDivElement>(null);
  const close = (): void => {
    go({ vm: null });
    // The chip may have been drawn anew on another host meanwhile: it is found by the VM, not by the old element.
    const chip = document.getElementById(homeChipId(id)) ?? document.getElementById(arrivingChipId(id));
    chip?.querySelector('button')?.focus();
  };
  useEffect(() => panel.current?.focus(), []);
  const vm = cluster.vm(id);
  return (
    <div
      ref={panel}
      class="panel details"
      role="dialog"
      aria-labelledby="details-title"
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <header class="details-head">
        <h2 id="details-title">{vm?.displayName ?? vm?.name ?? id}</h2>
        <button type="button" class="close" onClick={close} aria-label={details.close}>
          ✕
        </button>
      </header>
      {vm === undefined ? <p>{details.gone}</p> : <VmFacts vm={vm} />}
    </div>
  );
}

function VmFacts({ vm }: { readonly vm: Vm }) {
  const { words, formats } = useWords();
  const late = useLateWords();
  const { details } = late;
  const now = useSession().connection.now.value;
  const { transit, lastMigration, evacuation, previous } = vm;
  return (
    <dl class="facts">
      <Fact name={details.vm}>{vm.name}</Fact>
      <Fact name={details.namespace}>{vm.namespace}</Fact>
      <Fact name={details.state}>
        <Shape of={vm.state} /> {stateText(vm, words)}
      </Fact>
      <Fact name={details.reason}>{vm.reason}</Fact>
      <Fact name={details.danger}>{vm.danger && formats.list(vm.danger.map((danger) => words.dangers[danger]))}</Fact>
      <Fact name={details.host}>{vm.host ?? details.noHost}</Fact>
      <Fact name={details.previous}>
        {previous &&
          (previous.until === null
            ? details.wasThereUnwatched(previous.host)
            : details.wasThere(previous.host, formats.time(previous.until, now)))}
      </Fact>
      {evacuation !== undefined && (
        <>
          <Fact name={details.toLeave}>{evacuation.from}</Fact>
          <Fact name={details.waitingFor}>{late.wait(evacuation.waitingFor, formats)}</Fact>
        </>
      )}
      {transit !== undefined && <TransitFacts transit={transit} />}
      {lastMigration !== undefined && <EndFacts end={lastMigration} />}
      <Fact name={details.migratable}>
        {vm.migratable.ok ? details.yes : vm.migratable.reason === undefined ? details.no : details.noBecause(vm.migratable.reason)}
      </Fact>
      <Fact name={details.os}>{vm.os}</Fact>
      <Fact name={details.cpu}>{vm.cpu === undefined ? undefined : details.cores(vm.cpu)}</Fact>
      <Fact name={details.memory}>{vm.memory === undefined ? undefined : formats.memory(vm.memory)}</Fact>
    </dl>
  );
}

function TransitFacts({ transit }: { readonly transit: Transit }) {
  const { words, formats } = useWords();
  const late = useLateWords();
  const { details } = late;
  const now = useSession().connection.now.value;
  const { peer, waitingFor, from, to } = transit;
  return (
    <>
      <Fact name={details.moving}>
        {details.route(
          words.stages[transit.stage],
          from ?? (peer?.direction === 'in' ? details.otherCluster : details.unknownHost),
          to ?? (peer?.direction === 'out' ? details.otherCluster : details.targetPending),
        )}
      </Fact>
      <Fact name={details.asked}>{transit.requested}</Fact>
      <Fact name={details.waitingFor}>{waitingFor && late.wait(waitingFor, formats)}</Fact>
      {peer !== undefined && (
        <Fact name={details.peer}>
          {peer.direction === 'in' ? words.fromCluster(peer.host) : words.toCluster(peer.host)}
          {peer.pair !== undefined && <Evidence text={details.pair(peer.pair)} />}
        </Fact>
      )}
      <CauseFact {...causeOf(transit)} />
      {transit.stage === 'transferring' && (
        <Fact name={details.progress}>
          <ProgressFact transit={transit} />
        </Fact>
      )}
      <Fact name={details.elapsed}>
        {formats.time(transit.startedAt, now)} · <Elapsed since={transit.startedAt} />
      </Fact>
    </>
  );
}

function EndFacts({ end }: { readonly end: LastMigration }) {
  const { formats } = useWords();
  const late = useLateWords();
  const { details } = late;
  const now = useSession().connection.now.value;
  // What has no name here is a host of the other cluster; of two that have none, the one it was to go to was not chosen.
  const nowhere = end.cause === 'cross-cluster' ? details.otherCluster : details.unknownHost;
  return (
    <>
      <Fact name={details.lastMigration}>
        {details.route(late.outcomes[end.outcome], end.from ?? nowhere, end.to ?? (end.from === null ? details.unknownHost : nowhere))}
      </Fact>
      <Fact name={details.asked}>{end.requested}</Fact>
      <Fact name={details.reason}>{end.reason}</Fact>
      <CauseFact cause={end.cause} evidence={end.evidence} />
      <Fact name={details.ended}>{end.endedAt === null ? details.endedUnwatched : formats.time(end.endedAt, now)}</Fact>
      <Fact name={details.tries}>
        {end.loop === true ? late.notes.loop(end.tries) : end.tries === undefined ? undefined : formats.number(end.tries)}
      </Fact>
      <Fact name={details.blackout}>
        {end.blackoutMs !== undefined ? formats.length(end.blackoutMs) : end.outcome === 'succeeded' ? details.notKnown : undefined}
      </Fact>
    </>
  );
}

function CauseFact({ cause, evidence }: { readonly cause: Cause; readonly evidence?: string | undefined }) {
  const { words } = useWords();
  return (
    <Fact name={useLateWords().details.cause}>
      {words.causes[cause]}
      {evidence !== undefined && <Evidence text={evidence} />}
    </Fact>
  );
}

/** As Kubernetes has it: what something was read from. */
const Evidence = ({ text }: { readonly text: string }) => <code class="evidence">{text}</code>;

/** A fact that is not known is not listed. */
function Fact({ name, children }: { readonly name: string; readonly children?: ComponentChildren }) {
  if (children === undefined || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
