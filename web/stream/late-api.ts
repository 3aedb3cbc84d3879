/** What the late parts ask of a cluster's read API. A shell: what an answer means is decided in late-answer.ts. */
import type { VmDetail, VmHistory } from '../../core/history.ts';
import type { ClusterName, VmId } from '../../core/model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { fetchJson } from './api.ts';
import { type ReadFailure, readFailureOf } from './late-answer.ts';

/** `rest`: what follows the cluster's address; a `query` without a value is left out. What `signal` aborts is trouble, too. */
export async function readApi<Body>(
  cluster: ClusterName,
  rest: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string | number | null>> = {},
): Promise<Result<Body, ReadFailure>> {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) params.set(name, String(value));
  const search = params.size === 0 ? '' : `?${params}`;
  const address = `/api/v1/clusters/${encodeURIComponent(cluster)}${rest}${search}`;
  const answer = await fetchJson<Body, ReadFailure>(address, signal, {}, readFailureOf);
  if (!answer.ok) return answer;
  return answer.value === null ? err({ kind: 'trouble', trouble: 'server' }) : ok(answer.value);
}

export const readVmDetail = (cluster: ClusterName, vm: VmId, signal: AbortSignal): Promise<Result<VmDetail, ReadFailure>> =>
  readApi<VmDetail>(cluster, restOf(vm), signal);

export const readVmHistory = (cluster: ClusterName, vm: VmId, signal: AbortSignal): Promise<Result<VmHistory, ReadFailure>> =>
  readApi<VmHistory>(cluster, `${restOf(vm)}/history`, signal);

const restOf = (vm: VmId): string => `/vms/${vm.split('/').map(encodeURIComponent).join('/')}`;
