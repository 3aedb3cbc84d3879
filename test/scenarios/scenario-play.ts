/** One scenario from the simulator's API to a viewer of the stream, in step with the oracle. */
import { ok } from '../../core/result.ts';
import { startForwarder } from '../../forwarder/forwarder.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { registerCluster } from '../../local/registration.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { DisplayLog, displayAll, type Picture, placeOf } from '../support/displayed.ts';
import { ScenarioOracle } from '../support/scenario-oracle.ts';
import { type StoryCase, stageStory } from '../support/scenario-stories.ts';
import { ADMIN_TOKEN } from '../support/stack.ts';
import { differences } from '../support/told.ts';
import { openViewer } from '../support/viewer.ts';

const STEP_WITHIN_MS = 20_000;

export interface PlayedScenario {
  /** What the viewer displayed after each update, name by name. */
  readonly displayed: string;
  /** VMs that were displayed at a place where they were neither before an update nor after it. */
  readonly misplaced: readonly string[];
  /** What the forwarder logged above `info`. */
  readonly problems: readonly string[];
}

/** Rejects where the viewer does not come to display what it should after a step, and says which lines differ. */
export async function playThroughEdge(edge: { readonly url: string }, story: StoryCase): Promise<PlayedScenario> {
  const cluster = `${story.name}-${story.kubevirt.replace('.', '-')}`;
  const staged = stageStory(story);
  const oracle = new ScenarioOracle(staged.cluster);
  const server = await serveCluster(staged.cluster);
  const problems: string[] = [];
  const token = await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, cluster, cluster);
  const forwarder = startForwarder({
    edge: edge.url,
    cluster,
    kubeConfig: contextOf(server.kubeconfig),
    readToken: () => ok(token),
    log: createLog({ level: 'warn', format: 'text', write: (line) => problems.push(line), now: () => new Date() }),
  });
  const displayed = new DisplayLog();
  const misplaced: string[] = [];
  let before: ReadonlyMap<string, string> = new Map();
  let look: (() => void) | null = null;
  const viewer = await openViewer(edge.url, cluster, { onEvent: () => look?.() });

  async function untilAsExpected(what: string): Promise<void> {
    const expected = displayAll(oracle.picture);
    const after = placesOf(oracle.picture);
    let missing: readonly string[] = ['no snapshot'];
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        look = null;
        reject(new Error(`${what}: ${missing.join('\n')}`));
      }, STEP_WITHIN_MS);
      look = () => {
        if (viewer.state === null) return;
        const picture = { hosts: [...viewer.state.hosts.values()], vms: [...viewer.state.vms.values()] };
        for (const [id, place] of placesOf(picture)) {
          if (place !== before.get(id) && place !== after.get(id)) misplaced.push(`${what}: ${id} ${place}`);
        }
        missing = differences(expected, displayAll(picture));
        if (missing.length > 0) return;
        clearTimeout(late);
        look = null;
        displayed.see(picture);
        before = after;
        resolve();
      };
      look();
    });
  }

  try {
    await untilAsExpected('the first sync');
    for (let step = 1; !staged.run.done; step += 1) {
      staged.step();
      oracle.catchUp();
      await untilAsExpected(`step ${step}`);
    }
    return { displayed: displayed.format(), misplaced, problems };
  } finally {
    viewer.close();
    await forwarder.stop();
    await server.close();
  }
}

function contextOf(kubeconfig: string) {
  const parsed = parseKubeConfig(kubeconfig, 'kubeconfig');
  if (!parsed.ok) throw new Error(parsed.error);
  const chosen = chooseContext(parsed.value, undefined, 'kubeconfig');
  if (!chosen.ok) throw new Error(chosen.error);
  return chosen.value;
}

const placesOf = ({ vms }: Picture): ReadonlyMap<string, string> => new Map([...vms].map((vm) => [vm.id, placeOf(vm)]));
