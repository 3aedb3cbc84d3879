/**
 * A migration played on a real API server: the very updates that the simulator makes, one by one, through the API. Where a resource
 * has a status subresource the status is written there, as KubeVirt does.
 */
import { migrationSteps } from '../../simulator/migration-steps.ts';
import type { MigrationInput, MigrationStep, MigrationStepName } from '../../simulator/migration-timeline.ts';
import type { VirtualMachine, VirtualMachineInstance, VirtualMachineInstanceMigration } from '../../simulator/objects.ts';
import type { StepContext } from '../../simulator/steps.ts';
import { type KubeObject, TEST_RESOURCES, type TestKubeClient } from './kube-client.ts';

export interface MigrationDrive {
  readonly steps: readonly MigrationStep[];
  /** Makes the next update; the step that was made, or null at the end. Steps that change nothing are passed over. */
  step(): Promise<MigrationStep | null>;
  /** Up to and including this step. */
  stepTo(name: MigrationStepName): Promise<void>;
  finish(): Promise<void>;
}

/** `now`: for the timestamps that KubeVirt writes, milliseconds since the Unix epoch. */
export function driveMigration(client: TestKubeClient, input: MigrationInput, now: () => number = Date.now): MigrationDrive {
  const steps = migrationSteps(input);
  let next = 0;

  async function step(): Promise<MigrationStep | null> {
    for (;;) {
      const made = steps[next];
      if (made === undefined) return null;
      next += 1;
      if (await playStep(client, input, made, now())) return made;
    }
  }

  return {
    steps,
    step,
    async stepTo(name) {
      for (;;) {
        const made = await step();
        if (made === null) throw new Error(`this migration has no step ${name} left`);
        if (made.name === name) return;
      }
    },
    async finish() {
      while ((await step()) !== null);
    },
  };
}

async function playStep(client: TestKubeClient, input: MigrationInput, step: MigrationStep, nowMs: number): Promise<boolean> {
  const resource = TEST_RESOURCES[step.resource as keyof typeof TEST_RESOURCES];
  const current = await client.find(resource, step.objectName, step.namespace);
  if (step.verb === 'delete') {
    if (current !== undefined) await client.delete(resource, step.objectName, step.namespace);
    return current !== undefined;
  }
  if ((step.verb === 'create') !== (current === undefined)) return false;
  const { virtualmachines, virtualmachineinstances, virtualmachineinstancemigrations } = TEST_RESOURCES;
  const context: StepContext = {
    nowMs,
    host: null,
    vm: (await client.find(virtualmachines, input.vmName, input.namespace)) as VirtualMachine | undefined,
    vmi: (await client.find(virtualmachineinstances, input.vmName, input.namespace)) as VirtualMachineInstance | undefined,
    vmim: (await client.find(virtualmachineinstancemigrations, input.vmimName, input.namespace)) as
      | VirtualMachineInstanceMigration
      | undefined,
  };
  const wanted = step.apply(current as never, context) as unknown as KubeObject | undefined;
  if (wanted === undefined || (wanted as unknown) === current) return false;
  if (step.verb === 'create') await client.create(resource, wanted);
  else if (step.verb === 'update-status' && resource.hasStatus) await client.replaceStatus(resource, wanted);
  else await client.replace(resource, wanted);
  return true;
}
