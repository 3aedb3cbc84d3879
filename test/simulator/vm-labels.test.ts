import { expect, test } from 'vitest';
import { isLabelKey, LABEL_VALUE } from '../../core/labels.ts';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { instanceLabelsOf, VM_LABELS, vmLabelsOf } from '../../simulator/vm-labels.ts';

test.each([
  ['ubuntu-web-1', 'default', { app: 'web', team: 'shop' }, { tier: 'production' }],
  ['ubuntu-web-1', 'staging', { app: 'web', team: 'shop' }, { tier: 'staging' }],
  ['fedora-jump-1', 'default', {}, {}],
  ['plain', 'default', {}, {}],
  ['a-constructor-1', 'default', {}, {}],
])('%s in %s', (name, namespace, own, ofTemplate) => {
  expect([vmLabelsOf(name), instanceLabelsOf(name, namespace)]).toEqual([own, ofTemplate]);
});

test('all of them are labels to Kubernetes; a guest has those of its template; some VMs have none that a forwarder sends', () => {
  const cluster = createCluster({ hosts: 3, vms: 200, clock: createVirtualClock(), runId: 'labels' });
  let plain = 0;
  for (const { metadata, spec } of cluster.list('virtualmachines')) {
    const labels = { ...metadata.labels, ...spec.template.metadata.labels };
    for (const [key, value] of Object.entries(labels))
      expect([isLabelKey(key), LABEL_VALUE.test(value)], `${key}=${value}`).toEqual([true, true]);
    const vmi = cluster.get('virtualmachineinstances', metadata.namespace, metadata.name);
    if (vmi !== undefined) expect(vmi.metadata.labels).toMatchObject(spec.template.metadata.labels ?? {});
    if (!VM_LABELS.some((key) => Object.hasOwn(labels, key))) plain += 1;
  }
  expect(plain).toBeGreaterThan(10);
  expect(plain).toBeLessThan(60);
});
