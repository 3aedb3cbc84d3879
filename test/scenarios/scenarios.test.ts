/**
 * Every scenario of the simulator through the real path: its API over HTTP, the forwarder, the room in workerd, and the stream. After
 * each update the viewer must come to display what the derivation and the memory alone say (test/support/scenario-oracle.ts), which is
 * what test/fixtures/scenarios tells. In between, since the kinds' watches have no order (T5), it may tell less, but never another place.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStory, STORY_CASES } from '../support/scenario-stories.ts';
import { type EdgeProcess, startEdgeProcess } from '../support/stack.ts';
import { playThroughEdge } from './scenario-play.ts';

let edge: EdgeProcess;
beforeAll(async () => {
  edge = await startEdgeProcess();
});
afterAll(() => edge?.stop());

describe('T1–T8: what is displayed while a scenario plays', () => {
  test.concurrent.each(STORY_CASES)('$name on KubeVirt $kubevirt', async (story) => {
    const { displayed, misplaced, problems } = await playThroughEdge(edge, story);
    expect(displayed).toBe(readStory(story));
    expect(misplaced).toEqual([]);
    const isExpected = (line: string): boolean => story.name === 'malformed' && line.includes('cannot be understood');
    expect(problems.filter((line) => !isExpected(line))).toEqual([]);
    expect(problems.some(isExpected)).toBe(story.name === 'malformed');
  });
});
