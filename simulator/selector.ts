/** Label and field selectors: equality, sets and existence for labels; metadata.name, metadata.namespace and a pod's spec.nodeName for fields. */
import type { ObjectMeta, StringMap } from './objects.ts';

/** `nodeName`: of a pod, where it has one. */
export type Predicate = (metadata: ObjectMeta, nodeName?: string) => boolean;
type Parsed = { readonly ok: true; readonly matches: Predicate } | { readonly ok: false; readonly message: string };

const REQUIREMENT =
  /^(?:(?<absent>!)\s*)?(?<key>[\w./-]+)\s*(?:(?<equals>==?|!=)\s*(?<value>[\w.-]*)|\s(?<set>in|notin)\s*\((?<values>[^()]*)\))?$/;

/** Splits at commas outside of parentheses. */
const splitRequirements = (text: string): readonly string[] => text.split(/,(?![^(]*\))/).map((part) => part.trim());

function parseRequirement(part: string): ((labels: StringMap) => boolean) | null {
  const groups = REQUIREMENT.exec(part)?.groups;
  const key = groups?.key;
  if (groups === undefined || key === undefined) return null;
  if (groups.absent !== undefined) return groups.equals === undefined && groups.set === undefined ? (labels) => !(key in labels) : null;
  if (groups.equals !== undefined) {
    const value = groups.value ?? '';
    return groups.equals === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  if (groups.set !== undefined) {
    const values = new Set((groups.values ?? '').split(',').map((value) => value.trim()));
    return groups.set === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  return (labels) => key in labels;
}

export function parseLabelSelector(text: string): Parsed {
  if (text.trim() === '') return { ok: true, matches: () => true };
  const requirements: ((labels: StringMap) => boolean)[] = [];
  for (const part of splitRequirements(text)) {
    const requirement = parseRequirement(part);
    if (requirement === null) return { ok: false, message: `unable to parse requirement: found '${part}'` };
    requirements.push(requirement);
  }
  return { ok: true, matches: ({ labels }) => requirements.every((holds) => holds(labels ?? {})) };
}

export function parseFieldSelector(text: string): Parsed {
  if (text.trim() === '') return { ok: true, matches: () => true };
  const requirements: Predicate[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(metadata\.(?:name|namespace)|spec\.nodeName)\s*(==?|!=)\s*(.*?)\s*$/.exec(part);
    if (match === null) return { ok: false, message: `field label not supported: ${part.split(/[!=]/)[0]?.trim()}` };
    const [, field, operator, value] = match;
    requirements.push((metadata, nodeName) => {
      const actual =
        { 'metadata.name': metadata.name, 'metadata.namespace': metadata.namespace, 'spec.nodeName': nodeName }[field ?? ''] ?? '';
      return (actual === value) === (operator !== '!=');
    });
  }
  return { ok: true, matches: (metadata, nodeName) => requirements.every((holds) => holds(metadata, nodeName)) };
}
