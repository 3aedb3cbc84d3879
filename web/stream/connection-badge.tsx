import { areLatePartsMissing, lateParts } from '../late/late-parts-file.ts';
import { usePage, useSession, useWords } from '../page/context.ts';
import { hasFailedRendering } from '../rendering/failed-renderings.ts';
import type { ConnectionModel } from './connection-model.ts';
import { ReloadButton } from './reload-button.tsx';

/** How live the picture is, always in sight: shape, word, and since when. */
export function ConnectionBadge({ connection }: { readonly connection: ConnectionModel }) {
  const { words, formats } = useWords();
  const { language } = usePage().settings;
  const badge = connection.badge.value;
  const lastHeard = connection.lastHeard.value ?? 0;
  const now = connection.now.value ?? 0;

  function wordOf(): string {
    if (badge.kind === 'stale') return words.badge.stale(formats.time(lastHeard, now), formats.duration(now - lastHeard));
    if (badge.kind === 'refused') return lateParts.value?.refusalWord(badge.refusal, language.value) ?? words.refused;
    if (badge.kind !== 'reconnecting') return words.badge[badge.kind];
    const seconds = Math.ceil(((badge.until ?? 0) - connection.localNow.value) / 1_000);
    return seconds > 0 ? words.badge.reconnectingIn(seconds) : words.badge.reconnecting;
  }

  return (
    <span class="badge" data-connection={badge.kind}>
      {wordOf()}
    </span>
  );
}

/** The sentence under the cluster's name: when it last spoke, and what is the matter where something is, with the page itself too. */
export function ConnectionStatus() {
  const { connection } = useSession();
  const { words, formats } = useWords();
  const lastHeard = connection.lastHeard.value;
  const heard = lastHeard === null ? words.neverHeard : words.lastHeard(formats.time(lastHeard, connection.now.value));
  const iso = lastHeard === null ? undefined : new Date(lastHeard).toISOString();
  const late = lateParts.value;

  return (
    <p class="status">
      <time dateTime={iso} title={iso}>
        {heard}
      </time>
      {late && <late.ConnectionMatter />}
      {(areLatePartsMissing.value || hasFailedRendering.value) && (
        <span class="status-matter" role="alert">
          {words.partsMissing} <ReloadButton />
        </span>
      )}
    </p>
  );
}
