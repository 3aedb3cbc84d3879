import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../page/context.ts';
import { useDrainWords } from '../words/view-words.ts';

export interface DrainSectionProps {
  /** Which part of the drain; styles/late/drain.css marks it. */
  readonly part: string;
  readonly title: string;
  readonly count: number;
  /** In place of an empty list. */
  readonly empty?: string;
  readonly children?: ComponentChildren;
}

/** One part of a drain: how many VMs, and which. */
export function DrainSection({ part, title, count, empty, children }: DrainSectionProps) {
  const { formats } = useWords();
  return (
    <section class="panel drain-section" data-part={part} data-quiet={count === 0 ? 'true' : undefined} aria-label={title}>
      <h3 class="drain-section-head">
        <span class="drain-section-count">{formats.number(count)}</span> {title}
      </h3>
      {count === 0 && empty !== undefined ? <p class="drain-hint">{empty}</p> : children}
    </section>
  );
}

/** More than a screen holds. */
const SHOWN_COUNT = 100;

/** A list that can be long: its beginning, and the rest for whoever asks for it. */
export function DrainList<Item>({
  items,
  label,
  render,
}: {
  readonly items: readonly Item[];
  readonly label: string;
  readonly render: (item: Item) => VNode;
}) {
  const isWhole = useSignal(false);
  const words = useDrainWords();
  const shown = isWhole.value ? items : items.slice(0, SHOWN_COUNT);
  const list = useRef<HTMLUListElement>(null);
  // The button that had the focus is gone: it goes on where the list does.
  useLayoutEffect(() => {
    if (isWhole.value) list.current?.children[SHOWN_COUNT]?.querySelector('button')?.focus();
  }, [isWhole.value]);
  return (
    <>
      <ul ref={list} class="chips" aria-label={label}>
        {shown.map(render)}
      </ul>
      {shown.length < items.length && (
        <button
          type="button"
          class="action drain-more"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          {words.showAll(items.length)}
        </button>
      )}
    </>
  );
}
