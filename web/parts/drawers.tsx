import { selectDrawer } from '../drawer-selection.ts';
import { usePageState } from '../models/page-state-model.ts';
import { Drawer } from './drawer.tsx';
import { HostDrawer } from './host-drawer.tsx';
import { VmDrawer } from './vm-drawer.tsx';

/** What is known of the selected VM or host, beside the board, which stays live and usable. */
export function Drawers() {
  const selection = selectDrawer(usePageState().state.value);
  if (selection === null) return null;
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
