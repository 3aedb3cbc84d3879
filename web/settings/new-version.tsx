import { useEffect, useState } from 'preact/hooks';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { ReloadButton } from '../stream/reload-button.tsx';
import { useLateWords } from '../words/late-words.ts';
import { followVersion, otherVersion } from './version-model.ts';

/** Says that the edge serves another version of the page, and offers to load it. The one that runs goes on as it is. */
export function NewVersion({ connection }: { readonly connection: ConnectionModel }) {
  const { newVersion } = useLateWords();
  const [declined, setDeclined] = useState<string | null>(null);
  useEffect(() => followVersion(connection), [connection]);
  const version = otherVersion.value;
  // What is refused says so itself.
  if (version === null || version === declined || connection.badge.value.kind === 'refused') return null;
  return (
    <section class="new-version" role="status">
      <p>{newVersion.text}</p>
      <div>
        <ReloadButton />
        <button type="button" class="action" onClick={() => setDeclined(version)}>
          {newVersion.later}
        </button>
      </div>
    </section>
  );
}
