import { computed } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { VmId } from '../../core/model.ts';
import { useFilter, usePictureTools } from '../board/picture-tools.ts';
import { useSession, useWords } from '../page/context.ts';
import { Rest } from '../rendering/rest.tsx';
import { useSlices } from '../rendering/use-slices.ts';
import { useWall } from '../wall/wall-context.ts';
import type { LateMessages } from '../words/en-late.ts';
import { useLateWords } from '../words/late-words.ts';
import { GroupChip } from './group-chip.tsx';
import { createGroups, type Group } from './group-model.ts';
import type { Grouping } from './grouping.ts';
import { Weight } from './weight.tsx';

/** The board with other cards than hosts: namespaces, the values of a label, or one for all. Each VM names its host. */
export function GroupBoard() {
  const { picture, order } = usePictureTools();
  const { cluster } = useSession();
  const { empty } = useLateWords();
  const isWall = useWall() !== null;
  const grouping = order.grouping.value;
  const sort = order.sort.value;
  const model = useMemo(() => createGroups(picture, order, grouping, sort), [picture, order, grouping, sort]);
  useLayoutEffect(model.start, [model]);
  const groups = model.groups.value;
  // Other groups are drawn anew, and in slices: how much that is must be known when they are drawn first.
  if (groups.length > 0) return <Groups groups={groups} grouping={grouping} />;
  // The toolbar says so, which a wall has not.
  return isWall && cluster.counts.value.vms === 0 ? <p class="table-empty">{empty.noVms}</p> : null;
}

interface GroupsProps {
  readonly groups: readonly Group[];
  readonly grouping: Grouping;
}

function Groups({ groups, grouping }: GroupsProps) {
  const { count, limit, rest } = useSlices(() => groups.map(({ ids }) => ids.value.length));
  return (
    <>
      <div class="groups" data-single={groups.length === 1 || undefined} aria-busy={rest !== null || undefined}>
        {groups.slice(0, count).map((group, index) => (
          <GroupCard key={group.key} group={group} grouping={grouping} limit={index === count - 1 ? limit : undefined} />
        ))}
        <div id="flyers" class="flyers" inert aria-hidden="true" />
      </div>
      {!!rest && <Rest tag="p" vms={rest} />}
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
  const filter = useFilter();
  const { words } = useWords();
  const { search } = useLateWords();
  const ids = group.ids.value;
  const blocks = useMemo(() => blocksOf(ids), [ids]);
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
        <h2 id={heading}>{titleOf(group, grouping, search)}</h2>
        <p class="host-facts">
          <span>
            {shown === null ? words.vmCount(ids.length) : search.shown(shown, ids.length)}
            <Weight ids={group.ids} />
          </span>
        </p>
      </header>
      {cutBlocks(blocks, limit).map((block, index) => (
        <Block key={index} ids={block} heading={heading} />
      ))}
      {limit !== undefined && limit < ids.length && <Rest vms={ids.length - limit} tag="p" />}
    </section>
  );
}

/** Those that are whole stay the same, and are not rendered again with each slice: what reads signals is so only for new props. */
function cutBlocks(blocks: readonly (readonly VmId[])[], limit: number | undefined): readonly (readonly VmId[])[] {
  if (limit === undefined) return blocks;
  const whole = Math.floor(limit / BLOCK_VMS_COUNT);
  const cut = blocks[whole]?.slice(0, limit % BLOCK_VMS_COUNT) ?? [];
  return [...blocks.slice(0, whole), ...(cut.length > 0 ? [cut] : [])];
}

function Block({ ids, heading }: { readonly ids: readonly VmId[]; readonly heading: string }) {
  const session = useSession();
  const { words } = useWords();
  const { noHost } = useLateWords().search;
  return (
    <ul class="chips" aria-labelledby={heading}>
      {ids.map((id) => (
        <GroupChip key={id} id={id} session={session} words={words} noHost={noHost} />
      ))}
    </ul>
  );
}

function titleOf({ name }: Group, grouping: Grouping, search: LateMessages['search']): string {
  if (grouping.by !== 'label') return name ?? search.allVms;
  if (name === null) return search.noLabel(grouping.key);
  return name === '' ? search.emptyLabel(grouping.key) : name;
}
