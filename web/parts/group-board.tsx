import { computed } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { VmId } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import type { Grouping } from '../grouping.ts';
import { useLateWords } from '../late-words.ts';
import { createGroups, type Group } from '../models/group-model.ts';
import { useFilter, usePictureTools } from '../models/picture-tools.ts';
import { useSlices } from '../use-slices.ts';
import { GroupChip } from './group-chip.tsx';
import { Rest } from './rest.tsx';
import { Weight } from './weight.tsx';

/** The board with other cards than hosts: namespaces, the values of a label, or one for all. Each VM names its host. */
export function GroupBoard() {
  const { picture, order } = usePictureTools();
  const grouping = order.grouping.value;
  const sort = order.sort.value;
  const model = useMemo(() => createGroups(picture, order, grouping, sort), [picture, order, grouping, sort]);
  useLayoutEffect(model.start, [model]);
  const groups = model.groups.value;
  const { count, limit, rest } = useSlices(() => groups.map(({ ids }) => ids.value.length));
  return (
    <>
      <div class="groups">
        {groups.slice(0, count).map((group, index) => (
          <GroupCard key={group.key} group={group} grouping={grouping} limit={index === count - 1 ? limit : undefined} />
        ))}
        <div id="flyers" class="flyers" inert aria-hidden="true" />
      </div>
      {rest !== null && <Rest tag="p" vms={rest} />}
    </>
  );
}

/** A multiple of the usual numbers of columns: lists of so many are laid out one by one, and only those in view. */
const BLOCK_VMS_COUNT = 240;
const blocksOf = (ids: readonly VmId[]): readonly (readonly VmId[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(ids.length / BLOCK_VMS_COUNT)) }, (_, index) =>
    ids.slice(index * BLOCK_VMS_COUNT, (index + 1) * BLOCK_VMS_COUNT),
  );

interface GroupCardProps {
  readonly group: Group;
  readonly grouping: Grouping;
  /** How many VMs are drawn by now; undefined: all. */
  readonly limit: number | undefined;
}

function GroupCard({ group, grouping, limit }: GroupCardProps) {
  const session = useSession();
  const filter = useFilter();
  const { words } = useWords();
  const { search } = useLateWords();
  const ids = group.ids.value;
  // Another order makes other groups of the same names.
  const count = useMemo(
    () =>
      computed(() => {
        filter.revision.value;
        return filter.isHiding.value ? group.ids.value.filter(filter.matches).length : null;
      }),
    [filter, group],
  );
  const shown = count.value;
  const heading = `group/${group.key}`;
  return (
    <section class="panel group" aria-labelledby={heading} data-folding={shown === 0 ? 'head' : undefined}>
      <header class="host-head">
        <h2 id={heading}>{group.name ?? namelessOf(grouping, search)}</h2>
        <p class="host-facts">
          <span>
            {shown === null ? words.vmCount(ids.length) : search.shown(shown, ids.length)}
            <Weight ids={group.ids} />
          </span>
        </p>
      </header>
      {blocksOf(ids.slice(0, limit)).map((block, index) => (
        <ul key={index} class="chips" aria-labelledby={heading}>
          {block.map((id) => (
            <GroupChip key={id} id={id} session={session} words={words} noHost={search.noHost} />
          ))}
        </ul>
      ))}
      {limit !== undefined && limit < ids.length && <Rest vms={ids.length - limit} tag="p" />}
    </section>
  );
}

const namelessOf = (grouping: Grouping, search: ReturnType<typeof useLateWords>['search']): string =>
  grouping.by === 'label' ? search.noLabel(grouping.key) : search.allVms;
