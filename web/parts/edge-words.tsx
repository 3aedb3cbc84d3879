export interface EdgeWordsProps {
  /** A problem's detail (RFC 9457); none where nothing was said. */
  readonly said: string | undefined;
}

/** What the edge itself said, on a line of its own: quoted, and in English whatever the page's language is. */
export const EdgeWords = ({ said }: EdgeWordsProps) =>
  said === undefined ? null : (
    <q class="edge-words" lang="en" dir="auto">
      {said}
    </q>
  );
