import type { ComponentChildren } from 'preact';

export interface EmptyStateProps {
  readonly title: string;
  readonly text: string;
  /** What to do about it: a button or a link. */
  readonly children?: ComponentChildren;
}

/** Says why there is nothing to see, and what to do about it. */
export const EmptyState = ({ title, text, children }: EmptyStateProps) => (
  <section class="empty">
    <h2>{title}</h2>
    <p>{text}</p>
    {children}
  </section>
);
