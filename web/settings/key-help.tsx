import { useLayoutEffect, useRef } from 'preact/hooks';
import { useHelpWords } from '../words/view-words.ts';
import { KEY_LIST, type KeyDoes } from './key-list.ts';
import { areShortcutsOn } from './late-settings-model.ts';

interface KeyLine {
  readonly keys: readonly string[];
  readonly does: KeyDoes;
  readonly single: boolean;
}

/** The list of keys, in a dialog of the browser's own: it takes the focus, keeps it, gives it back, and closes with Esc. */
export function KeyHelp({ onClosed }: { readonly onClosed: () => void }) {
  const words = useHelpWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="panel help" aria-labelledby="help-title" onClose={onClosed}>
      <div class="help-head">
        <h2 id="help-title">{words.title}</h2>
        <button type="button" class="quiet close" aria-label={words.close} onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      {!areShortcutsOn.value && <p class="help-off">{words.off}</p>}
      <Keys title={words.anywhere} lines={KEY_LIST.anywhere} />
      <Keys title={words.onBoard} lines={KEY_LIST.board} />
      <p class="help-hint">{words.hint}</p>
    </dialog>
  );
}

function Keys({ title, lines }: { readonly title: string; readonly lines: readonly KeyLine[] }) {
  const words = useHelpWords();
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {lines.map(({ keys, does, single }) => (
          <div key={does} data-off={single && !areShortcutsOn.value ? 'true' : undefined}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words.does[does]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
