/** Which clusters a viewer may see. Pure. */
import type { ClusterName } from '../core/model.ts';

export type Scope = { readonly kind: 'all' } | { readonly kind: 'clusters'; readonly clusters: readonly ClusterName[] };

export const ALL_CLUSTERS: Scope = { kind: 'all' };

export const maySee = (scope: Scope, cluster: ClusterName): boolean => scope.kind === 'all' || scope.clusters.includes(cluster);

/** What a list says besides where it may lack clusters: a share's holder must not take it for the whole fleet. */
export const partialOf = (scope: Scope): { readonly partial?: true } => (scope.kind === 'all' ? {} : { partial: true });

/** No cluster can have this name, so that a scope without clusters is never taken for everything. */
const NO_CLUSTER = '-';

/** The scope as text, equal for equal scopes: '' is everything, else the names in order, between commas. */
export function audienceOf(scope: Scope): string {
  if (scope.kind === 'all') return '';
  return scope.clusters.length === 0 ? NO_CLUSTER : [...new Set(scope.clusters)].sort().join(',');
}

/** The inverse of {@link audienceOf}. */
export function scopeOf(audience: string): Scope {
  if (audience === '') return ALL_CLUSTERS;
  return { kind: 'clusters', clusters: audience === NO_CLUSTER ? [] : audience.split(',') };
}
