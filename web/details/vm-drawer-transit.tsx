import type { StageSpan } from '../../core/history.ts';
import { causeOf, type Transit } from '../../core/model.ts';
import { ProgressFact } from '../board/move-progress.tsx';
import { wayAhead } from '../migrations/move-way.ts';
import { spansUntil } from '../migrations/stage-ladder.ts';
import { StageLadder } from '../migrations/stage-ladder-list.tsx';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { useLateWords } from '../words/late-words.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { DrawerPart } from './drawer.tsx';
import { CauseFact, Evidence, Fact } from './facts.tsx';
import type { VmDetailModel } from './vm-detail-model.ts';

export interface TransitPartProps {
  readonly transit: Transit;
  readonly model: VmDetailModel;
}

/** A VM on its way: from where to where, how far, for how long, and why. */
export function TransitPart({ transit, model }: TransitPartProps) {
  const { words, formats } = useWords();
  const late = useLateWords();
  const { facts } = late;
  const { details } = useDetailsWords();
  const { peer, waitingFor, to, requested } = transit;
  const spans = useSpans(transit, model);
  // How far a copy was is kept by nobody.
  const isPast = useSession().connection.past.value !== null;
  return (
    <DrawerPart title={details.transit}>
      <dl class="facts">
        <Fact name={details.moving}>{facts.route(words.stages[transit.stage], wayAhead(transit, facts))}</Fact>
        <Fact name={details.asked}>
          {requested !== undefined && to !== null && requested !== to ? details.askedElsewhere(requested, to) : requested}
        </Fact>
        <Fact name={details.waitingFor}>{waitingFor && late.wait(waitingFor, formats)}</Fact>
        {peer !== undefined && (
          <Fact name={details.peer}>
            {peer.direction === 'in' ? late.fromCluster(peer.host) : words.toCluster(peer.host)}
            {peer.pair !== undefined && <Evidence text={details.pair(peer.pair)} />}
          </Fact>
        )}
        <CauseFact {...causeOf(transit)} />
        {transit.stage === 'transferring' && !isPast && (
          <Fact name={late.progress.label}>
            <ProgressFact transit={transit} />
          </Fact>
        )}
        <Fact name={details.elapsed}>
          <Moment at={transit.startedAt} /> · <Elapsed since={transit.startedAt} />
        </Fact>
      </dl>
      <StageLadder stage={transit.stage} spans={spans} />
    </DrawerPart>
  );
}

/** How long its stages took: of a moment of the past, what had been seen by then. Null: not read, or of another migration. */
function useSpans({ id }: Transit, { detail, history }: VmDetailModel): readonly StageSpan[] | null {
  const past = useSession().connection.past.value;
  const running = detail.value;
  const spans = running?.transit?.id === id ? running.stages : history.value?.migrations.find((record) => record.id === id)?.stages;
  if (spans === undefined) return null;
  return past === null ? spans : spansUntil(spans, past.at);
}
