import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { LateFile } from './late-file.ts';
import { LatePending } from './late-pending.tsx';
import { PartMissing } from './part-missing.tsx';

/** A component whose file is fetched when it is first wanted; `isQuiet`: nothing stands in its place meanwhile, unless it does not come. */
export function lateView<Exports, Props extends object>(
  file: LateFile<Exports>,
  select: (exports: Exports) => ComponentType<Props>,
  isQuiet = false,
): ComponentType<Props> {
  return function LateView(props: Props) {
    useEffect(() => void file.load(), []);
    const loaded = file.exports.value;
    if (loaded === null) {
      if (!isQuiet) return <LatePending file={file} />;
      return file.isMissing.value ? <PartMissing /> : null;
    }
    const View = select(loaded);
    return <View {...props} />;
  };
}
