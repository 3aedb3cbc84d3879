import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useAddClusterWords } from '../words/view-words.ts';
import type { Install } from './add-cluster.ts';
import { AddClusterForm } from './add-cluster-form.tsx';
import { InstallCommand } from './install-command.tsx';

/** A dialog that registers a cluster and stays until it is live. It takes the focus and, closed, gives it back. */
export function AddCluster({ onClosed }: { readonly onClosed: () => void }) {
  const words = useAddClusterWords();
  const dialog = useRef<HTMLDialogElement>(null);
  /** In this memory and nowhere else, for another command if the first one runs out. */
  const adminToken = useRef('');
  const [install, setInstall] = useState<Install | null>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // By itself it would take the first button.
    dialog.current?.querySelector('input')?.focus();
  }, []);
  return (
    <dialog ref={dialog} class="panel add-cluster" aria-labelledby="add-cluster" onClose={onClosed}>
      <div class="add-cluster-head">
        <h2 id="add-cluster">{words.title}</h2>
        <button type="button" class="quiet close" aria-label={words.close} onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      {install === null ? (
        <AddClusterForm adminToken={adminToken} onIssued={setInstall} />
      ) : (
        <InstallCommand install={install} adminToken={adminToken} onIssued={setInstall} />
      )}
    </dialog>
  );
}
