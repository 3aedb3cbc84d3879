import { useEffect, useRef } from 'preact/hooks';
import { useFleetWords } from '../words/view-words.ts';
import { ClusterCard } from './cluster-card.tsx';
import { useFleet } from './fleet-context.ts';
import type { Section } from './fleet-order.ts';

/** From here on the cards are small. */
const COMPACT_FROM_COUNT = 60;

/** All cards, in sections. While somebody points at one, or has the focus on it, none changes its place. */
export function ClusterList() {
  const { hold, look, sections } = useFleet();
  const list = useRef<HTMLDivElement>(null);
  // Asked, and not followed by events: an element that is taken away tells nobody that it has lost the focus.
  useEffect(() => hold(() => list.current?.matches(':hover, :focus-within') === true), [hold]);
  const shown = sections.value;
  const isCompact = shown.reduce((sum, { names }) => sum + names.length, 0) > COMPACT_FROM_COUNT;
  return (
    <div ref={list} class="fleet-list" data-compact={isCompact} onPointerLeave={look} onFocusOut={look}>
      {shown.map((section) => (
        <Cards key={section.standing ?? 'all'} section={section} isCompact={isCompact} />
      ))}
    </div>
  );
}

function Cards({ section: { standing, names }, isCompact }: { readonly section: Section; readonly isCompact: boolean }) {
  const fleet = useFleetWords();
  const cards = (
    <ul class="clusters">
      {names.map((name) => (
        <ClusterCard key={name} name={name} standing={standing} isCompact={isCompact} />
      ))}
    </ul>
  );
  if (standing === null) return cards;
  const id = `standing-${standing}`;
  return (
    <section
      // A wall gives each as much room as it has cards (styles/late/wall.css).
      ref={(section) => section?.style.setProperty('--count', String(names.length))}
      aria-labelledby={id}
      data-section={standing}
    >
      <h2 id={id} class="fleet-section-title" data-standing={standing}>
        {fleet.standings[standing]} <span class="fleet-section-count">{names.length}</span>
      </h2>
      {cards}
    </section>
  );
}
