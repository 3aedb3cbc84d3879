/** The labels of a VM that whoever installed the forwarder asked for; no other ones leave the cluster (SPEC U7). */
import { LABEL_VALUE, type Labels } from '../../core/labels.ts';
import type { JsonRecord } from './json.ts';

/**
 * `sources`: each key counts in the first of them that has it. Undefined where none has any. A value that Kubernetes would not take is
 * absent: no API server lets it in, and the room would refuse the whole batch for it.
 */
export function projectLabels(keys: readonly string[], ...sources: readonly JsonRecord[]): Labels | undefined {
  const labels: Record<string, string> = {};
  for (const key of keys) {
    const value = sources.find((source) => Object.hasOwn(source, key))?.[key];
    if (typeof value === 'string' && LABEL_VALUE.test(value)) labels[key] = value;
  }
  return Object.keys(labels).length === 0 ? undefined : labels;
}
