import { type ClusterSummary, VM_STATES, type VmState } from '../../core/model.ts';
import { useWords } from '../page/context.ts';
import { Link } from '../parts/link.tsx';
import { Shape } from '../parts/shape.tsx';
import { useFleetWords } from '../words/view-words.ts';
import { ClusterCapacitySums } from './cluster-capacity.tsx';
import { ATTENTION_STATES, type FleetCard, nameOf, type Standing } from './fleet-card.ts';
import { useFleet } from './fleet-context.ts';
import { LastHeard, LinkState } from './link-state.tsx';
import { Sparkline } from './sparkline.tsx';

export interface ClusterCardProps {
  readonly name: string;
  /** Under which heading it stands; null: under none. */
  readonly standing: Standing | null;
  /** Of many: what the board says too is left out. */
  readonly isCompact: boolean;
}

/** One cluster in numbers; a click anywhere on it opens its board. */
export function ClusterCard({ name, standing, isCompact }: ClusterCardProps) {
  const card = useFleet().card(name);
  const words = useFleetWords();
  if (card === undefined) return null;
  const { summary, freshness } = card;
  const isKnown = freshness === 'live' || freshness === 'stale';
  const Heading = standing === null ? 'h2' : 'h3';
  return (
    <li class="panel cluster-card" data-cluster={name} data-freshness={freshness} data-standing={card.standing}>
      <div class="cluster-head">
        <Heading class="cluster-name">
          <Link to={{ view: 'cluster', cluster: name }}>{nameOf(summary)}</Link>
          {nameOf(summary) !== name && <span class="cluster-id">{name}</span>}
        </Heading>
        <LinkState card={card} />
      </div>
      {isKnown ? <Numbers card={card} isCompact={isCompact} /> : <p class="cluster-hint">{words.hints[freshness]}</p>}
      {standing !== null && standing !== card.standing && <p class="cluster-hint">{words.belongs(words.standings[card.standing])}</p>}
    </li>
  );
}

function Numbers({ card, isCompact }: { readonly card: FleetCard; readonly isCompact: boolean }) {
  const { words, formats } = useWords();
  const fleet = useFleetWords();
  const { summary, freshness, hour } = card;
  const { hosts, vms, transits, capacity } = summary;
  return (
    <>
      <dl class="cluster-numbers">
        <div data-kind="hosts" data-warning={hosts.up < hosts.total}>
          <dt>{words.hostsUp}</dt>
          <dd>
            {formats.number(hosts.up)}
            <span class="counts-total">/{formats.number(hosts.total)}</span>
          </dd>
        </div>
        <div data-kind="vms">
          <dt>{words.counts.vms}</dt>
          <dd>{formats.number(vms.total)}</dd>
        </div>
        <div data-kind="moving" data-quiet={transits === 0}>
          <dt>{fleet.underWay}</dt>
          <dd>{formats.number(transits)}</dd>
        </div>
        <div data-kind="failed" data-quiet={hour.failed === 0} data-warning={hour.failed > 0}>
          <dt>{freshness === 'live' ? fleet.failed : fleet.failedBefore}</dt>
          <dd>{formats.number(hour.failed)}</dd>
        </div>
      </dl>
      <States byState={vms.byState} isCompact={isCompact} />
      {!isCompact && capacity !== undefined && <ClusterCapacitySums capacity={capacity} />}
      <div class="cluster-foot">
        <Sparkline hour={hour} isPast={freshness !== 'live'} />
        {!isCompact && <LastHeard card={card} />}
      </div>
    </>
  );
}

/** Always there, so that the everyday numbers stay in their places. */
const COMMON_STATES: readonly VmState[] = ['running', 'off'];

interface StatesProps {
  readonly byState: ClusterSummary['vms']['byState'];
  /** Only what needs a person is left: else nothing would say why the cluster does. */
  readonly isCompact: boolean;
}

function States({ byState, isCompact }: StatesProps) {
  const { words, formats } = useWords();
  const common: readonly VmState[] = isCompact ? [] : COMMON_STATES;
  const others = (isCompact ? ATTENTION_STATES : VM_STATES).filter((state) => !common.includes(state) && (byState[state] ?? 0) > 0);
  if (common.length + others.length === 0) return null;
  return (
    <ul class="cluster-states">
      {[...common, ...others].map((state) => (
        <li key={state} data-state={state} data-quiet={(byState[state] ?? 0) === 0}>
          <Shape of={state} />
          {formats.number(byState[state] ?? 0)} {words.states[state]}
        </li>
      ))}
    </ul>
  );
}
