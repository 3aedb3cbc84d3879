import type { ComponentChildren } from 'preact';
import { lateParts } from '../late/late-parts-file.ts';
import { Link } from './link.tsx';

/** The line on top of every view: where one is, how live it is, and the settings. */
export function TopBar({ children }: { readonly children?: ComponentChildren }) {
  const late = lateParts.value;
  return (
    <header class="bar">
      <Link class="brand" to={{ view: 'fleet' }}>
        Hostview
      </Link>
      {children}
      <div class="settings">{late && <late.Settings />}</div>
    </header>
  );
}
