/** Whether a VM can be live-migrated, and why not, in words. Pure. */
import type { Vm } from '../../core/model.ts';
import type { LateMessages } from './en-late.ts';

type Facts = Pick<LateMessages['facts'], 'yes' | 'no' | 'noBecause' | 'onlyRunning'>;

/** Of what does not run core says no and gives no reason (core/derive/vm.ts): there is nothing to migrate, and no fault in that. */
export function migratableText(
  { migratable: { ok, reason }, host, state }: Pick<Vm, 'migratable' | 'host' | 'state'>,
  facts: Facts,
): string {
  if (ok) return facts.yes;
  if (reason !== undefined) return facts.noBecause(reason);
  return host === null || state === 'starting' ? facts.onlyRunning : facts.no;
}
