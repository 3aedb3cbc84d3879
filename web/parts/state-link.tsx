import type { ComponentChildren } from 'preact';
import type { PageState } from '../page/page-state.ts';
import { usePageState } from '../page/page-state-model.ts';
import { isPlainClick } from './link.tsx';

export interface StateLinkProps {
  /** What it changes of what the page shows. */
  readonly to: Partial<PageState>;
  readonly class?: string;
  /** It is what is shown. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link to another state of the same cluster's page. */
export function StateLink({ to, class: className, isCurrent = false, children }: StateLinkProps) {
  const { state, addressOf, go } = usePageState();
  // What the address keeps of the rest changes with it.
  state.value;
  const open = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a class={className} href={addressOf(to)} aria-current={isCurrent ? 'page' : undefined} onClick={open}>
      {children}
    </a>
  );
}
