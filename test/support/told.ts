/** When a room has all that its simulated cluster has told. */
import type { Snapshot } from '../../core/downlink.ts';
import type { Cluster } from '../../simulator/types.ts';
import { displayAll } from './displayed.ts';
import { ScenarioOracle } from './scenario-oracle.ts';
import { eventually } from './stack.ts';
import { readRoom } from './truth.ts';

/** `derived`: without what the room remembers, where updates were made at once: the room can have seen several of them as one. */
export type Told = 'all' | 'derived';

/**
 * From now on; before the cluster changes. What it answers settles with the room's picture once that is what the cluster's objects say
 * by themselves. One update reaches the room in several batches, since the kinds' watches have no order (T5): a cursor that is another
 * one than before says no more than that the first has come.
 */
export function followCluster(cluster: Cluster, edgeUrl: string, name = 'lab'): (what?: Told) => Promise<Snapshot> {
  const oracle = new ScenarioOracle(cluster);
  return async (what = 'all') => {
    const { room } = await eventually(
      async () => {
        const room = await readRoom(edgeUrl, name);
        oracle.catchUp();
        const { picture } = oracle;
        const missing = what === 'all' ? differences(displayAll(picture), displayAll(room)) : [];
        return { missing, isDerived: picture.digest === room.digest, room };
      },
      ({ missing, isDerived }) => isDerived && missing.length === 0,
      'the room has all that the cluster has told',
    );
    return room;
  };
}

/** What is expected and what is seen, by name, where they are not the same. */
export function differences(expected: ReadonlyMap<string, string>, seen: ReadonlyMap<string, string>): readonly string[] {
  const names = new Set([...expected.keys(), ...seen.keys()]);
  return [...names].flatMap((name) => {
    const [want, have] = [expected.get(name), seen.get(name)];
    return want === have ? [] : [`${name}\n  expected ${want ?? 'gone'}\n  seen     ${have ?? 'gone'}`];
  });
}
