/** Labels of VMs from the Kubernetes API to a viewer of the stream: those that the forwarder was told to send, and no others (SPEC U7). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Frame } from '../../core/downlink.ts';
import type { Vm } from '../../core/model.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import type { TestProcess } from '../support/processes.ts';
import { type EdgeProcess, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';

const CLUSTER = 'lab';
let cluster: Cluster;
let server: ServedCluster;
let edge: EdgeProcess;
let forwarder: TestProcess;
let viewer: Viewer;

beforeAll(async () => {
  cluster = createCluster({ name: CLUSTER, hosts: 3, vms: 12 });
  [server, edge] = await Promise.all([serveCluster(cluster), startEdgeProcess()]);
  forwarder = await startForwarder(edge, CLUSTER, server.kubeconfig, ['--vm-labels', 'app,tier,example.org/owner']);
  viewer = await openViewer(edge.url, CLUSTER);
});
afterAll(async () => {
  viewer?.close();
  await forwarder?.stop();
  await edge?.stop();
  await server?.close();
});

function label(name: string, labels: Readonly<Record<string, string>>): void {
  const vm = cluster.get('virtualmachines', 'default', name);
  if (vm === undefined) throw new Error(name);
  cluster.store.update('virtualmachines', { ...vm, metadata: { ...vm.metadata, labels: { ...vm.metadata.labels, ...labels } } });
}
const vmOf = (name: string): Vm | undefined => viewer.state?.vms.get(`default/${name}`);

test('those that were asked for arrive, of VMs and of their templates; a change is one frame, any other label none', async () => {
  await viewer.waitForState(({ vms }) => vms.size === 12, 'the first sync');
  expect(vmOf('ubuntu-web-1')?.labels).toEqual({ app: 'web', tier: 'production' });
  expect(vmOf('windows-ad-1')).not.toHaveProperty('labels');
  expect(JSON.stringify(viewer.events)).not.toMatch(/"team"|harvesterhci\.io/);

  const seen = viewer.events.length;
  label('ubuntu-web-1', { team: 'another' });
  label('debian-mail-1', { 'example.org/owner': 'me', app: 'post' });
  await viewer.waitForState(() => vmOf('debian-mail-1')?.labels?.app === 'post', 'the labels');
  expect(vmOf('debian-mail-1')?.labels).toEqual({ app: 'post', tier: 'production', 'example.org/owner': 'me' });
  const frames = viewer.events.slice(seen).flatMap(({ event, data }) => (event === 'frame' ? [data as Frame] : []));
  expect(frames.map(({ hosts, vms }) => [hosts, vms?.map(({ id }) => id)])).toEqual([[undefined, ['default/debian-mail-1']]]);
  // Digests that differ would be told at once, with the frame.
  expect(forwarder.output()).not.toMatch(/another picture|without labels/);
});
