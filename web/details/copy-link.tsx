import { useEffect, useRef, useState } from 'preact/hooks';
import { provideShortcut } from '../settings/shortcut-model.ts';
import { useLateWords } from '../words/late-words.ts';

const COPIED_SHOWN_MS = 3_000;

export interface CopyLinkProps {
  /** What is copied, where that is not what stands in the browser's address. */
  readonly address?: () => string;
}

/** Copies the address of what the page shows. Where the clipboard is forbidden, the address is there to be copied by hand. */
export function CopyLink({ address = addressShown }: CopyLinkProps) {
  const { copyLink: words } = useLateWords();
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const copy = (): void => void copyText(address()).then(setOutcome);
  const latest = useRef(copy);
  latest.current = copy;
  useEffect(() => provideShortcut('copy-link', () => latest.current()), []);
  useEffect(() => {
    if (outcome === 'refused') field.current?.select();
    if (outcome !== 'copied') return;
    const timer = setTimeout(() => setOutcome(null), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <span class="copy-link">
      <button type="button" class="quiet" data-outcome={outcome ?? undefined} onClick={copy}>
        {outcome === 'copied' ? words.copied : words.copy}
      </button>
      <span class="unseen" role="status">
        {outcome === 'copied' ? words.copied : ''}
      </span>
      {outcome === 'refused' && (
        <input ref={field} aria-label={words.byHand} title={words.byHand} value={address()} readOnly onBlur={() => setOutcome(null)} />
      )}
    </span>
  );
}

const addressShown = (): string => location.origin + location.pathname + location.search;

/** Without https the browser has no clipboard for pages at all. */
const copyText = (text: string): Promise<'copied' | 'refused'> =>
  Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
    () => 'copied' as const,
    () => 'refused' as const,
  );
