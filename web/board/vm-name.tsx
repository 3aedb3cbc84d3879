import type { Vm } from '../../core/model.ts';

/** A VM's name, with its namespace where it is not the usual one. */
export const VmName = ({ vm }: { readonly vm: Vm }) => (
  <span class="chip-name" title={vm.id}>
    {vm.namespace !== 'default' && <span class="chip-namespace">{vm.namespace}/</span>}
    {vm.displayName ?? vm.name}
  </span>
);
