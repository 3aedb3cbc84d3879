import { useTableWords } from '../words/view-words.ts';
import { HostTable } from './table-hosts.tsx';
import { VmTable } from './table-vms.tsx';

const VMS_HEADING = 'table-vms';
const HOSTS_HEADING = 'table-hosts';

/** The picture as tables: the VMs, and the hosts below them. */
export function TableView() {
  const words = useTableWords();
  return (
    <div class="tables">
      <p class="table-ways">
        <Way to={HOSTS_HEADING}>{words.toHosts}</Way>
      </p>
      <VmTable headingId={VMS_HEADING} />
      <p class="table-ways">
        <Way to={VMS_HEADING}>{words.toVms}</Way>
      </p>
      <HostTable headingId={HOSTS_HEADING} />
    </div>
  );
}

/** To the other table, past thousands of rows. */
function Way({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <button type="button" class="quiet table-way" onClick={() => document.getElementById(to)?.focus()}>
      {children}
    </button>
  );
}
