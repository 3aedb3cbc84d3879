/** `status.conditions`, which Nodes, VMs, VMIs and VMIMs all have in the same form. */
import type { Condition } from '../../core/facts.ts';
import { listAt, optional, shortenList, textAt } from './json.ts';

export function projectConditions(object: unknown): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const item of listAt(object, 'status', 'conditions')) {
    const type = textAt(item, 'type');
    if (type === undefined) continue;
    conditions.push({
      type,
      status: statusOf(textAt(item, 'status')),
      ...optional('reason', textAt(item, 'reason')),
      ...optional('message', textAt(item, 'message')),
    });
  }
  return shortenList(conditions);
}

export const isConditionTrue = (conditions: readonly Condition[], type: string): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

const statusOf = (status: string | undefined): Condition['status'] => (status === 'True' || status === 'False' ? status : 'Unknown');
