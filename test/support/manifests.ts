/** The manifests in deploy/, as an administrator's kubectl renders them, and the rules in them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from './kube-client.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  /** Empty in a rule of paths. */
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const pathOf = (path: string): string => resolve(fileURLToPath(new URL('../../deploy', import.meta.url)), path);

/** The objects of one file; `path` is within deploy/. */
export const readManifest = (path: string): readonly KubeObject[] => parseObjects(readFileSync(pathOf(path), 'utf8'));

/** The rules of all roles in one file of deploy/. */
export function readRules(path: string): readonly PolicyRule[] {
  const rules = readManifest(path).flatMap((object) => (object.rules ?? []) as readonly Partial<PolicyRule>[]);
  if (rules.length === 0) throw new Error(`deploy/${path} has no rules`);
  return rules.map((rule) => ({ apiGroups: [], resources: [], verbs: [], ...rule }));
}

/** What `kubectl apply -k` would apply, in its order; `folder` is within deploy/ or absolute, `assets` the folder that has kubectl. */
export function renderKustomization(assets: string, folder: string): readonly KubeObject[] {
  return parseObjects(execFileSync(join(assets, 'kubectl'), ['kustomize', pathOf(folder)], { encoding: 'utf8' }));
}

/** All documents of a text. */
export function parseObjects(text: string): readonly KubeObject[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as KubeObject;
  });
}
