import { isPastAwaited } from '../history/past-opening.ts';
import { useSession } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { Drawer } from './drawer.tsx';
import { selectDrawer } from './drawer-selection.ts';
import { HostDrawer } from './host-drawer.tsx';
import { VmDrawer } from './vm-drawer.tsx';

/** What is known of the selected VM or host, beside the board, which stays live and usable. */
export function Drawers() {
  const { cluster } = useSession();
  const state = usePageState().state.value;
  const selection = selectDrawer(state);
  // Before there is a picture, or that of the moment which the address names, it is not known whether there is such a VM or host.
  if (selection === null || !cluster.hasPicture.value || isPastAwaited(state)) return null;
  return (
    <Drawer selection={selection}>
      {selection.kind === 'vm' ? (
        <VmDrawer key={selection.id} id={selection.id} />
      ) : (
        <HostDrawer key={selection.name} name={selection.name} />
      )}
    </Drawer>
  );
}
