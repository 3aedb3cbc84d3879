/** The stream of all clusters (core/fleet.ts). A shell. */
import type { ClusterList } from '../../core/downlink.ts';
import type { ClusterSummary } from '../../core/model.ts';
import { ok } from '../../core/result.ts';
import { fetchJson } from '../stream/api.ts';
import type { StreamSource } from '../stream/stream.ts';

/** All clusters that the viewer may see. `cursor`: where the stream goes on from here; null where it begins with a snapshot of its own. */
export interface FleetPicture {
  readonly cursor: string | null;
  readonly now: number;
  readonly partial?: true;
  readonly clusters: readonly ClusterSummary[];
}

export const FLEET_SOURCE: StreamSource<FleetPicture> = {
  async fetchSnapshot(_cursor, signal) {
    const answer = await fetchJson<ClusterList>('/api/v1/clusters?follow=true', signal);
    return answer.ok ? ok(answer.value && { ...answer.value, cursor: answer.value.cursor ?? null }) : answer;
  },
  open: (cursor) => new EventSource(`/api/v1/stream${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`),
};
