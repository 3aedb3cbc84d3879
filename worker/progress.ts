/** Which progress viewers may see: that of migrations which are in flight at the head of the log (SPEC U9). Pure. */
import type { DerivedVm, VmId } from '../core/model.ts';
import type { Progress } from '../core/progress.ts';

/** A report can be overtaken by the batch that ends its migration, or that begins the VM's next one. */
export const selectCurrent = (progress: readonly Progress[], vmOf: (id: VmId) => Pick<DerivedVm, 'transit'> | undefined): Progress[] =>
  progress.filter(({ vm, migration }) => vmOf(vm)?.transit?.id === migration);
