/** Signs on buttons; what a button does stands in its label. */
const PATHS = {
  /** A clock whose hand goes back. */
  past: 'M8 1.5a6.5 6.5 0 1 1-6.3 8.1l1.5-.4A5 5 0 1 0 4.3 4.6L6 6.3H1.5V1.8l1.7 1.7A6.5 6.5 0 0 1 8 1.5Zm.75 3v3.2l2.3 1.3-.75 1.3-3.05-1.75V4.5Z',
  pause: 'M4 2.5h3v11H4ZM9 2.5h3v11H9Z',
  play: 'M4 2.2v11.6L13.5 8Z',
  back: 'M3 2.5h2v11H3ZM13 2.2v11.6L5.8 8Z',
  forward: 'M11 2.5h2v11h-2ZM3 2.2v11.6L10.2 8Z',
  close: 'M3.4 2.3 8 6.9l4.6-4.6 1.1 1.1L9.1 8l4.6 4.6-1.1 1.1L8 9.1l-4.6 4.6-1.1-1.1L6.9 8 2.3 3.4Z',
} as const;

export const PastIcon = ({ of }: { readonly of: keyof typeof PATHS }) => (
  <svg class="past-icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
    <path fill="currentColor" d={PATHS[of]} />
  </svg>
);
