import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { usePage } from '../page/context.ts';
import type { LateWords } from '../words/words-file.ts';
import type { LateFile } from './late-file.ts';
import { LatePending } from './late-pending.tsx';
import { PartMissing } from './part-missing.tsx';

/**
 * A component whose file, and the words that it says, are fetched when it is first wanted; until all of it has come nothing of it is painted.
 * `isQuiet`: nothing stands in its place meanwhile, unless something does not come.
 */
export function lateView<Exports, Props extends object>(
  file: LateFile<Exports>,
  words: LateWords<unknown>,
  select: (exports: Exports) => ComponentType<Props>,
  isQuiet = false,
): ComponentType<Props> {
  return function LateView(props: Props) {
    const language = usePage().settings.language.value;
    useEffect(() => {
      void file.load();
      void words.load(language);
    }, [language]);
    const loaded = file.exports.value;
    if (loaded === null || words.find(language) === null) {
      const isMissing = file.isMissing.value || words.isMissing(language);
      if (!isQuiet) return <LatePending isMissing={isMissing} />;
      return isMissing ? <PartMissing /> : null;
    }
    const View = select(loaded);
    return <View {...props} />;
  };
}
