import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { VmId } from '../../core/model.ts';
import { foldingRevision } from '../arranging/fold-model.ts';
import { useFilter, usePictureTools } from '../board/picture-tools.ts';
import { MEASURED, selectProgress } from '../board/progress-model.ts';
import { useSession, useWords } from '../page/context.ts';
import { percentText } from '../words/late-format.ts';
import type { Point } from './trail-geometry.ts';
import { createTrailsModel, type Trail, type TrailsModel } from './trails-model.ts';

/**
 * The lines from leaving chips to arriving chips. The chips say the same in words, so a screen reader skips them. `isWhole`: all cards are drawn;
 * the last ones need not change the board's size, which is all that is looked at before.
 */
export function MigrationTrails({ isWhole }: { readonly isWhole: boolean }) {
  const { cluster, followCommits } = useSession();
  const { words } = useWords();
  const layer = useRef<SVGSVGElement>(null);
  const trails = useSignal<TrailsModel | null>(null);
  useEffect(() => {
    const board = layer.current?.parentElement;
    if (board == null) return;
    const model = createTrailsModel(cluster, board);
    const unfollow = followCommits(model.measure);
    trails.value = model;
    return () => {
      unfollow();
      model.close();
    };
  }, [cluster, followCommits]);
  const { filter, order } = usePictureTools();
  const hidden = filter.isHiding.value ? filter.revision.value : -1;
  const arranged = order.revision.value + foldingRevision.value;
  // Words of another length, a search and an order move the chips without a commit.
  useEffect(() => trails.peek()?.measure(), [trails, words, hidden, arranged, isWhole]);
  // Of a VM that is hidden nothing is drawn, wherever its cards are.
  const shapes = (trails.value?.shapes.value ?? []).filter(({ id }) => hidden < 0 || filter.matches(id));
  return (
    <svg ref={layer} class="trails" aria-hidden="true">
      {shapes.map((trail) => (
        <TrailLine key={trail.id} trail={trail} />
      ))}
      {shapes.map((trail) => trail.label !== null && <TrailLabel key={trail.id} id={trail.id} at={trail.label} />)}
    </svg>
  );
}

function TrailLine({ trail }: { readonly trail: Trail }) {
  const transit = useSession().cluster.vm(trail.id)?.transit;
  const isDimmed = useIsDimmed(trail.id);
  return (
    <g data-trail={trail.id} data-stage={transit?.stage} data-dimmed={isDimmed || undefined}>
      <path class="trail-halo" d={trail.path} />
      <path class="trail" d={trail.path} />
    </g>
  );
}

function useIsDimmed(id: VmId): boolean {
  const filter = useFilter();
  return useComputed(() => {
    filter.revision.value;
    return !filter.matches(id);
  }).value;
}

function TrailLabel({ id, at }: { readonly id: VmId; readonly at: Point }) {
  const { cluster, connection } = useSession();
  const { words, formats } = useWords();
  const vm = cluster.vm(id);
  const { now, known } = connection;
  const isDimmed = useIsDimmed(id);
  if (vm?.transit === undefined) return null;
  const { stage, startedAt } = vm.transit;
  const isMeasured = connection.past.value === null && MEASURED.has(stage);
  const percent = selectProgress(isMeasured ? vm.transit.id : null, now.value)?.percent;
  const parts = [
    vm.displayName ?? vm.name,
    percent === undefined ? words.stages[stage] : `${words.stages[stage]} ${percentText(Math.floor(percent) / 100, formats)}`,
    ...(known.value === null ? [] : [formats.duration(known.value - startedAt)]),
  ];
  return (
    <text class="trail-label" data-dimmed={isDimmed || undefined} x={at.x} y={at.y} text-anchor="middle" dominant-baseline="central">
      {parts.join(' · ')}
    </text>
  );
}
