/** What the fleet's tests share: a viewer of its stream that keeps what it is told. */
import { env } from 'cloudflare:workers';
import { applyFleetFrame, type FleetFrame, type FleetSnapshot, type FleetState, fleetStateOf } from '../../core/fleet.ts';
import type { ClusterName, ClusterSummary } from '../../core/model.ts';
import { ADMIN, bearer, call, type FanOut, TestViewer } from './support.ts';

export const fleet = () => env.FLEET.getByName('fleet');

export class FleetViewer extends TestViewer {
  state: FleetState | null = null;

  static async watch(fanOut: FanOut, query = '', headers: Record<string, string> = {}): Promise<FleetViewer> {
    const response = await call(`/api/v1/stream${query}`, { headers }, { FAN_OUT: fanOut });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return new FleetViewer(response);
  }

  async first(): Promise<FleetSnapshot> {
    return (await this.expect('snapshot')) as unknown as FleetSnapshot;
  }

  /** Takes events until it is so; frames that do not follow are an error. */
  async see(isSo: (summary: ClusterSummary | undefined) => boolean, cluster: ClusterName): Promise<ClusterSummary | undefined> {
    for (;;) {
      const summary = this.state?.clusters.get(cluster);
      if (this.state !== null && isSo(summary)) return summary;
      await this.take();
    }
  }

  async take(): Promise<string> {
    const event = await this.next();
    if (event === null) throw new Error('the stream has ended');
    if (event.event === 'snapshot') this.state = fleetStateOf(event.data as FleetSnapshot);
    if (event.event === 'frame') {
      const applied = this.state === null ? null : applyFleetFrame(this.state, event.data as FleetFrame);
      if (applied?.ok !== true) throw new Error(`a gap at ${JSON.stringify(event.data)}`);
      this.state = applied.value;
    }
    return event.event;
  }
}

export const listed = async (): Promise<readonly ClusterSummary[]> =>
  (await (await call('/api/v1/clusters')).json<{ clusters: ClusterSummary[] }>()).clusters;
export const removeCluster = (cluster: ClusterName): Promise<Response> =>
  call(`/api/v1/clusters/${cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
