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
export function driveMigration(client: TestKubeClient, given: MigrationInput, now: () => number = Date.now): MigrationDrive {
  // The server gives the target pod another uid than planned; the steps that follow its creation read it from here.
  const input = { ...given };
  const steps = migrationSteps(input);
  let next = 0;

  async function step(): Promise<MigrationStep | null> {
    for (;;) {
      const made = steps[next];
      if (made === undefined) return null;
      next += 1;
      const written = await playStep(client, input, made, now());
      if (made.name === 'PodCreated' && written !== null) input.targetPodUid = written.metadata.uid ?? input.targetPodUid;
      if (written !== null) return made;
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

/** The object as it was written, or as it was before it was deleted; null where the step changes nothing. */
async function playStep(client: TestKubeClient, input: MigrationInput, step: MigrationStep, nowMs: number): Promise<KubeObject | null> {
  const resource = TEST_RESOURCES[step.resource as keyof typeof TEST_RESOURCES];
  const current = await client.find(resource, step.objectName, step.namespace);
  if (step.verb === 'delete') {
    if (current === undefined) return null;
    if (step.resource === 'pods') await client.removePod(step.objectName, step.namespace);
    else await client.delete(resource, step.objectName, step.namespace);
    return current;
  }
  if ((step.verb === 'create') !== (current === undefined)) return null;
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
  if (wanted === undefined || (wanted as unknown) === current) return null;
  if (step.verb === 'create') return client.create(resource, wanted);
  if (step.name === 'PodPlaced') return placePod(client, input, wanted);
  if (step.verb === 'update-status' && resource.hasStatus) return client.replaceStatus(resource, wanted);
  return client.replace(resource, wanted);
}

async function placePod(client: TestKubeClient, { namespace, target }: MigrationInput, wanted: KubeObject): Promise<KubeObject> {
  const { name } = wanted.metadata;
  await client.bindPod({ name, namespace }, target);
  const bound = await client.get(TEST_RESOURCES.pods, name, namespace);
  return client.replaceStatus(TEST_RESOURCES.pods, { ...bound, status: wanted.status });
}
