/** `status.conditions`, which Nodes, VMs, VMIs and VMIMs all have in the same form. */
import type { Condition } from '../../core/facts.ts';
import { listAt, optional, shortenList, textAt } from './json.ts';

/** The conditions of these types, the first of each. An object can have hundreds of others: they would only crowd these out. */
export function projectConditions(object: unknown, types: readonly string[]): readonly Condition[] {
  const missing = new Set(types);
  return pickConditions(object, ({ type }) => missing.delete(type));
}

export function pickConditions(object: unknown, isWanted: (condition: Condition) => boolean): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const item of listAt(object, 'status', 'conditions')) {
    const type = textAt(item, 'type');
    if (type === undefined) continue;
    const condition: Condition = {
      type,
      status: statusOf(textAt(item, 'status')),
      ...optional('reason', textAt(item, 'reason')),
      ...optional('message', textAt(item, 'message')),
    };
    if (isWanted(condition)) conditions.push(condition);
  }
  return shortenList(conditions);
}

const statusOf = (status: string | undefined): Condition['status'] => (status === 'True' || status === 'False' ? status : 'Unknown');
