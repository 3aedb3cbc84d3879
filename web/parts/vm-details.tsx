import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Vm, VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../chip-id.ts';
import { useSession, useWords } from '../context.ts';
import { Elapsed } from './elapsed.tsx';
import { Shape } from './shape.tsx';

/** Everything known of the selected VM, beside the board, which stays live and usable. Esc closes. */
export function VmDetails() {
  const { selected } = useSession();
  const id = selected.value;
  return id === null ? null : <DetailsPanel key={id} id={id} />;
}

function DetailsPanel({ id }: { readonly id: VmId }) {
  const { cluster, selected } = useSession();
  const { words } = useWords();
  const panel = useRef<HTMLDivElement>(null);
  const close = (): void => {
    selected.value = null;
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
        <button type="button" class="close" onClick={close} aria-label={words.details.close}>
          ✕
        </button>
      </header>
      {vm === undefined ? <p>{words.details.gone}</p> : <VmFacts vm={vm} />}
    </div>
  );
}

function VmFacts({ vm }: { readonly vm: Vm }) {
  const { words, formats } = useWords();
  const now = useSession().connection.now.value;
  const { details } = words;
  const { transit, lastMigration: last } = vm;
  const wayOf = (from: string | null, to: string | null): string => details.route(from ?? details.unknownHost, to ?? details.unknownHost);
  return (
    <dl class="facts">
      <Fact name={details.vm}>{vm.name}</Fact>
      <Fact name={details.namespace}>{vm.namespace}</Fact>
      <Fact name={details.state}>
        <Shape of={vm.state} /> {words.states[vm.state]}
      </Fact>
      <Fact name={details.reason}>{vm.reason}</Fact>
      <Fact name={details.danger}>{vm.danger?.map((danger) => words.dangers[danger]).join(', ')}</Fact>
      <Fact name={details.host}>{vm.host ?? details.noHost}</Fact>
      {transit !== undefined && (
        <>
          <Fact name={details.moving}>
            {words.stages[transit.stage]}, {wayOf(transit.from, transit.to)}
          </Fact>
          <Fact name={details.asked}>{transit.requested}</Fact>
          <Fact name={details.waitingFor}>{transit.waitingFor}</Fact>
          <Fact name={details.cause}>{words.causes[transit.cause]}</Fact>
          <Fact name={details.progress}>{transit.progress === undefined ? undefined : formats.percent(transit.progress / 100)}</Fact>
          <Fact name={details.elapsed}>
            {formats.time(transit.startedAt, now)} (<Elapsed since={transit.startedAt} />)
          </Fact>
        </>
      )}
      {last !== undefined && (
        <>
          <Fact name={details.lastMigration}>
            {words.outcomes[last.outcome]}, {wayOf(last.from, last.to)}, {words.causes[last.cause]}
          </Fact>
          <Fact name={details.reason}>{last.reason}</Fact>
          <Fact name={details.ended}>{last.endedAt === null ? details.endedUnwatched : formats.time(last.endedAt, now)}</Fact>
          <Fact name={details.tries}>{last.tries === undefined ? undefined : formats.number(last.tries)}</Fact>
        </>
      )}
      <Fact name={details.migratable}>
        {vm.migratable.ok ? details.yes : [details.no, vm.migratable.reason].filter((part) => part !== undefined).join(': ')}
      </Fact>
      <Fact name={details.os}>{vm.os}</Fact>
      <Fact name={details.cpu}>{vm.cpu === undefined ? undefined : details.cores(vm.cpu)}</Fact>
      <Fact name={details.memory}>{vm.memory === undefined ? undefined : formats.memory(vm.memory)}</Fact>
    </dl>
  );
}

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
