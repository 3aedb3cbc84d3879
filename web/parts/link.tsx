import type { ComponentChildren } from 'preact';
import { usePage } from '../context.ts';
import { formatRoute, type Target } from '../route.ts';

export interface LinkProps {
  readonly to: Target;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A link inside the page. A click that asks for a new tab or window is left to the browser. */
export function Link({ to, class: className, children }: LinkProps) {
  const { route } = usePage();
  const open = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    route.open(to);
  };
  return (
    <a class={className} href={formatRoute(to)} onClick={open}>
      {children}
    </a>
  );
}
