/** What is not listed yet is not taken for gone (SPEC T8). */
import { expect, test } from 'vitest';
import { Inventory } from '../../../core/derive/inventory.ts';
import { hostFact, migrationState, vmFact, vmiFact, vmimFact } from '../../support/facts.ts';

const HOSTS = [hostFact({ name: 'host-1' }), hostFact({ name: 'host-2' })];
/** The guest is on the target, and KubeVirt tidies up: the VMIM is the one that says when it is over. */
const ARRIVED = vmiFact({ nodeName: 'host-2', migration: migrationState({ started: true, ended: true, completed: true }) });
const VMIM = vmimFact({ phase: 'Running' });

function fill(inventory: Inventory): void {
  inventory.replace('host', HOSTS);
  inventory.replace('vmi', [ARRIVED]);
  // Whoever looks now: a metric, a progress watch, the sender.
  inventory.vms;
  inventory.takeFinished();
  inventory.replace('vm', [vmFact()]);
  inventory.replace('vmim', [VMIM]);
}

test('while it is being listed nothing is derived, and then all of it', () => {
  const inventory = new Inventory({ isWhole: false });
  fill(inventory);
  expect([inventory.hosts.size, inventory.vms.size, inventory.takeFinished()]).toEqual([0, 0, []]);
  inventory.complete();
  expect(inventory.takeFinished()).toEqual([]);
  expect(inventory.vms.get('default/ubuntu')).toMatchObject({ host: 'host-2', transit: { stage: 'finishing' } });
  const known = new Inventory();
  fill(known);
  expect(inventory.digest).toBe(known.digest);
});

test('without that the instance alone ends a migration that is under way', () => {
  const inventory = new Inventory();
  inventory.replace('host', HOSTS);
  inventory.replace('vmi', [ARRIVED]);
  expect(inventory.takeFinished()).toMatchObject([{ id: 'vmim-1', outcome: 'succeeded' }]);
});
