import type { ComponentChildren } from 'preact';
import { usePage } from '../page/context.ts';
import { formatRoute, type Target } from '../page/route.ts';

export interface LinkProps {
  readonly to: Target;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A link inside the page. */
export function Link({ to, class: className, children }: LinkProps) {
  const { route } = usePage();
  const open = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    route.open(to);
  };
  return (
    <a class={className} href={formatRoute(to)} onClick={open}>
      {children}
    </a>
  );
}

/** A click that asks for nothing but to follow the link: one for a new tab or window is left to the browser. */
export const isPlainClick = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  button === 0 && !(metaKey || ctrlKey || shiftKey || altKey);
