import type { ComponentChildren } from 'preact';
import type { Drain, Host, HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { isoTime } from '../words/iso-time.ts';
import { useDrainWords } from '../words/view-words.ts';
import { DrainBar } from './drain-bar-figure.tsx';
import { DrainEtaLine } from './drain-eta-line.tsx';
import type { DrainModel } from './drain-model.ts';
import { DrainVerdict } from './drain-verdict-sign.tsx';

export interface DrainPanelProps {
  readonly host: Host;
  readonly drain: Drain;
  readonly model: DrainModel;
  /** The host's name, or a link that bears it. */
  readonly children: ComponentChildren;
}

/** One host that is being emptied: whether it may be powered off, how far it has come, and how long it will take. */
export function DrainPanel({ host, drain, model, children }: DrainPanelProps) {
  return (
    <section
      class="panel drain"
      data-host={host.name}
      data-state={host.state}
      data-drain={drain.because}
      aria-labelledby={headingOf(host.name)}
    >
      <header class="drain-head">
        <h2 id={headingOf(host.name)} title={host.name}>
          {children}
        </h2>
        <HostState host={host} />
        <Began drain={drain} />
      </header>
      <DrainVerdict host={host.name} drain={drain} />
      <div class="drain-course">
        <DrainBar drain={drain} />
        <DrainEtaLine host={host} drain={drain} model={model} />
      </div>
    </section>
  );
}

const headingOf = (name: HostName): string => `drain/${name}`;

function HostState({ host }: { readonly host: Host }) {
  const { words, formats } = useWords();
  return (
    <p class="drain-state">
      <Shape of={host.state} />
      <span>{words.hostStates[host.state]}</span>
      {host.reasons.length > 0 && <span class="drain-reasons">{formats.list(host.reasons)}</span>}
    </p>
  );
}

function Began({ drain }: { readonly drain: Drain }) {
  const { connection } = useSession();
  const { formats } = useWords();
  const words = useDrainWords();
  const now = connection.now.value;
  const known = connection.known.value;
  const { were, since } = drain;
  return (
    <p class="drain-began">
      <span>{words.were(were, since === null)}</span>
      {since === null && <span>{words.sinceUnwatched}</span>}
      {since !== null && known !== null && (
        <span title={isoTime(since)}>{words.since(formats.time(since, now), formats.duration(known - since))}</span>
      )}
    </p>
  );
}
