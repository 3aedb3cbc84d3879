import { useState } from 'preact/hooks';
import type { HostName, VmId } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { StateLink } from '../parts/state-link.tsx';
import { stateText } from '../words/state-text.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { DrawerPart } from './drawer.tsx';
import { selectHostGroups } from './host-groups.ts';
import { ShowAll } from './show-all.tsx';

/** A host can have more VMs than anybody reads. */
const SHOWN_FIRST_COUNT = 50;

/** Who is here, by what it does, and who comes and goes. */
export function HostVms({ name }: { readonly name: HostName }) {
  const { cluster } = useSession();
  const { words } = useWords();
  const { hostDetails } = useDetailsWords();
  const vmsIn = (lane: 'settled' | 'leaving' | 'arriving') => cluster.lane(lane, name).value.flatMap((id) => cluster.vm(id) ?? []);
  const groups = selectHostGroups({ leaving: vmsIn('leaving'), arriving: vmsIn('arriving'), settled: vmsIn('settled') });
  return (
    <DrawerPart title={hostDetails.vms}>
      {groups.length === 0 && <p class="drawer-note">{hostDetails.noVms}</p>}
      {groups.map(({ of, ids }) => (
        <VmGroup
          key={of}
          title={`${of === 'leaving' || of === 'arriving' ? words.lanes[of] : words.states[of]} · ${words.vmCount(ids.length)}`}
          ids={ids}
        />
      ))}
    </DrawerPart>
  );
}

function VmGroup({ title, ids }: { readonly title: string; readonly ids: readonly VmId[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? ids : ids.slice(0, SHOWN_FIRST_COUNT);
  return (
    <div class="vm-group">
      <h4>{title}</h4>
      <ul>
        {shown.map((id) => (
          <VmLine key={id} id={id} />
        ))}
      </ul>
      {shown.length < ids.length && <ShowAll count={ids.length} onShow={() => setWhole(true)} />}
    </div>
  );
}

function VmLine({ id }: { readonly id: VmId }) {
  const { words } = useWords();
  const vm = useSession().cluster.vm(id);
  if (vm === undefined) return null;
  return (
    <li>
      <StateLink class="vm-line" to={{ vm: id, host: null }}>
        <Shape of={vm.state} />
        <span class="vm-line-name">{vm.displayName ?? vm.name}</span>
        <span class="vm-line-word">{vm.transit === undefined ? stateText(vm, words) : words.stages[vm.transit.stage]}</span>
      </StateLink>
    </li>
  );
}
