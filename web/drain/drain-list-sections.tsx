import { useComputed } from '@preact/signals';
import type { Drain, HostName, Vm, VmId } from '../../core/model.ts';
import { MovingChip } from '../board/moving-chip.tsx';
import { useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { useDrainWords } from '../words/view-words.ts';
import { adviceFor } from './drain-advice.ts';
import { DrainGone } from './drain-gone.tsx';
import { type DrainGroup, selectDrainLists } from './drain-lists.ts';
import type { DrainModel } from './drain-model.ts';
import { DrainRow } from './drain-row.tsx';
import { DrainList, DrainSection } from './drain-section.tsx';

export interface DrainListsProps {
  readonly host: HostName;
  readonly drain: Drain;
  readonly model: DrainModel;
}

/** The VMs of a host that is being emptied, by what is the matter with them. What needs a person comes first. */
export function DrainLists({ host, drain, model }: DrainListsProps) {
  const words = useDrainWords();
  const lists = useComputed(() => selectDrainLists(model.residents.value, host)).value;
  const { stuck, unasked, moving, stopping, waiting } = lists;
  const isEntering = model.host.value?.state === 'entering-maintenance';
  const isAnyoneHere = model.residents.value.length > 0;
  return (
    <div class="drain-lists">
      <div class="drain-column">
        {isAnyoneHere && (
          <DrainSection part="stuck" title={words.parts.stuck} count={sum(stuck)} empty={words.nobodyIsStuck}>
            {stuck.map((group) => (
              <Group key={keyOf(group)} group={group} advice={words.advice[adviceFor(group.wait.detail)]} />
            ))}
          </DrainSection>
        )}
        {unasked.length > 0 && (
          <DrainSection part="unasked" title={words.parts.unasked} count={unasked.length}>
            <p class="drain-hint">{isEntering ? words.enteringHint : words.unaskedHint}</p>
            <Rows vms={unasked} label={words.parts.unasked} />
          </DrainSection>
        )}
        {drain.arriving > 0 && <Arriving count={drain.arriving} ids={model.arriving.value} />}
      </div>
      <div class="drain-column">
        {isAnyoneHere && (
          <DrainSection part="moving" title={words.parts.moving} count={moving.length} empty={words.nobodyMoves}>
            <DrainList items={moving} label={words.parts.moving} render={({ id }) => <MovingChip key={id} id={id} isArriving={false} />} />
          </DrainSection>
        )}
        {stopping.length > 0 && (
          <DrainSection part="stopping" title={words.parts.stopping} count={stopping.length}>
            <Rows vms={stopping} label={words.parts.stopping} />
          </DrainSection>
        )}
        <DrainGone drain={drain} departures={model.departures.value} />
      </div>
      {isAnyoneHere && (
        <div class="drain-column">
          <DrainSection part="waiting" title={words.parts.waiting} count={sum(waiting)} empty={words.nobodyWaits}>
            {waiting.map((group) => (
              <Group key={keyOf(group)} group={group} />
            ))}
          </DrainSection>
        </div>
      )}
    </div>
  );
}

/** Who is on the way here, and how many more the host is still needed for. */
function Arriving({ count, ids }: { readonly count: number; readonly ids: readonly VmId[] }) {
  const words = useDrainWords();
  return (
    <DrainSection part="arriving" title={words.parts.arriving} count={count}>
      <DrainList items={ids} label={words.parts.arriving} render={(id) => <MovingChip key={id} id={id} isArriving />} />
      {count > ids.length && <p class="drain-hint">{words.arrivingUnlisted(count - ids.length)}</p>}
    </DrainSection>
  );
}

const sum = (groups: readonly DrainGroup[]): number => groups.reduce((total, { vms }) => total + vms.length, 0);

const keyOf = ({ wait: { used: _used, ...wait } }: DrainGroup): string => JSON.stringify(Object.entries(wait).sort());

const Rows = ({ vms, label }: { readonly vms: readonly Vm[]; readonly label: string }) => (
  <DrainList items={vms} label={label} render={(vm) => <DrainRow key={vm.id} vm={vm} />} />
);

function Group({ group: { wait, vms }, advice }: { readonly group: DrainGroup; readonly advice?: string }) {
  const { formats } = useWords();
  const late = useLateWords();
  const reason = wait.reason === 'not-migratable' ? (wait.detail ?? late.wait(wait, formats)) : late.wait(wait, formats);
  return (
    <div class="drain-group">
      <p class="drain-reason">
        <span>{reason}</span>
        {vms.length > 1 && <span class="drain-group-count">{formats.number(vms.length)}</span>}
      </p>
      {advice !== undefined && <p class="drain-hint">{advice}</p>}
      <Rows vms={vms} label={reason} />
    </div>
  );
}
