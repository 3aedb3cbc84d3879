/** What happens to a page from the side of its edge (random-use.ts). */
import type { Random } from '../../simulator/random.ts';
import type { FakeEdge } from './fake-edge.ts';
import { someChange, someHosts, someVms } from './random-story.ts';
import type { Acts } from './random-use.ts';
import { eventually } from './stack.ts';

const SILENT_MS = 600_000;

/** The address of a past moment names the last of several frames of one millisecond. */
function passMillisecond(): void {
  for (const now = Date.now(); Date.now() === now; );
}

function change(edge: FakeEdge, random: Random): void {
  edge.change(someChange(random, edge.state));
  passMillisecond();
}

/** The fleet has a stream of its own, and misses nothing. */
function lose(edge: FakeEdge, random: Random): void {
  edge.loseFrame(someChange(random, edge.state));
  edge.fleet.publish();
  passMillisecond();
}

export const EDGE_ACTS: Acts = {
  frame: [14, ({ edge }, random) => change(edge, random)],
  burst: [
    4,
    ({ edge }, random) => {
      for (let count = 2 + random.below(4); count > 0; count--) change(edge, random);
    },
  ],
  loseUnnoticed: [
    2,
    ({ edge }, random) => {
      lose(edge, random);
      edge.hear();
      edge.hear();
    },
  ],
  loseOne: [
    2,
    ({ edge }, random) => {
      lose(edge, random);
      change(edge, random);
    },
  ],
  cut: [
    2,
    ({ edge }, random) => {
      lose(edge, random);
      edge.dropStreams();
      edge.fleet.drop();
    },
  ],
  outage: [
    1,
    async ({ edge }, random) => {
      const asked = edge.requests.length;
      edge.refuse(503);
      edge.dropStreams();
      edge.fleet.drop();
      lose(edge, random);
      await eventually(
        () => edge.requests.length,
        (count) => count > asked,
        'the page asks in vain',
      );
      edge.refuse(null);
    },
  ],
  renew: [
    1,
    ({ edge, page }) => {
      // A moment of a log that is no more can stay painted, and cannot be had again.
      if (new URL(page.url()).searchParams.has('at')) return false;
      edge.renew();
      edge.fleet.publish();
      edge.dropStreams();
      return true;
    },
  ],
  empty: [1, ({ edge }) => edge.change({ goneHosts: [...edge.state.hosts.keys()], goneVms: [...edge.state.vms.keys()] })],
  fill: [2, ({ edge }, random) => edge.change({ hosts: someHosts(random), vms: someVms(random) })],
  silence: [
    1,
    async ({ edge, page }) => {
      edge.ageBy(SILENT_MS);
      await page.reload();
    },
  ],
  hear: [1, ({ edge }) => edge.hear()],
};
