import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { isPlainClick } from '../parts/link.tsx';
import { useLateWords } from '../words/late-words.ts';
import type { AnnouncementModel } from './announcement-model.ts';
import { happeningsText } from './happening-text.ts';
import { itemsOf } from './pile.ts';
import { targetOf } from './toast-target.ts';
import { type Toast, toneOf } from './toasts.ts';

export interface ToastsProps {
  readonly model: AnnouncementModel;
}

/**
 * The notes in the corner: what has just happened, each with the way to it. The live region says the same, so here nothing speaks. They
 * stay while somebody points at them or has the focus there, which goes back to where it came from when its note is dismissed.
 */
export function Toasts({ model }: ToastsProps) {
  const { announce } = useLateWords();
  const { shown, heldSince } = model.toasts.value;
  const cameFrom = useRef<Element | null>(null);
  if (shown.length === 0) return null;
  return (
    <section
      class="toasts"
      aria-label={announce.region}
      data-held={heldSince === null ? undefined : 'true'}
      onPointerEnter={() => model.hold(true)}
      onPointerLeave={({ currentTarget }) => model.hold(currentTarget.contains(document.activeElement))}
      onFocusIn={({ currentTarget, relatedTarget }) => {
        // It comes from nowhere, too, where the note that had it went.
        if (relatedTarget instanceof Element && !currentTarget.contains(relatedTarget)) cameFrom.current = relatedTarget;
        model.hold(true);
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!holds(currentTarget, relatedTarget)) model.hold(currentTarget.matches(':hover'));
      }}
    >
      <ul>
        {shown.map((toast) => (
          <Note key={toast.serial} toast={toast} model={model} onFocusLost={() => giveFocus(cameFrom.current)} />
        ))}
      </ul>
    </section>
  );
}

const holds = (section: Element, target: EventTarget | null): boolean => target instanceof Node && section.contains(target);

/** A note beside the one that went, else where it came from. */
function giveFocus(cameFrom: Element | null): void {
  const next = document.querySelector<HTMLElement>('.toast-text') ?? cameFrom;
  if (next instanceof HTMLElement && next.isConnected) next.focus();
}

interface NoteProps extends ToastsProps {
  readonly toast: Toast;
  readonly onFocusLost: () => void;
}

function Note({ toast, model, onFocusLost }: NoteProps) {
  const words = useWords();
  const late = useLateWords();
  const { state, go, addressOf } = usePageState();
  // What the address keeps of the rest changes with it.
  state.value;
  const note = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const own = note.current;
    return () => {
      // It is still in the document: the focus can be given away only after it has left.
      if (own?.contains(document.activeElement)) queueMicrotask(onFocusLost);
    };
  }, []);
  const happenings = itemsOf(toast.pile);
  const told = happeningsText(happenings, { ...words, late }, { hasReasons: true });
  const text = toast.topic === 'away' ? late.announce.away(told) : told;
  const target = targetOf(happenings);
  const dismiss = (): void => model.dismiss(toast.serial);
  return (
    <li
      ref={note}
      class="toast"
      data-tone={toneOf(happenings)}
      data-topic={toast.topic}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        dismiss();
      }}
    >
      <a
        class="toast-text"
        href={addressOf(target)}
        title={text}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          dismiss();
          go(target);
        }}
      >
        {text}
      </a>
      <button type="button" class="quiet toast-close" aria-label={late.announce.dismiss} onClick={dismiss}>
        ✕
      </button>
    </li>
  );
}
