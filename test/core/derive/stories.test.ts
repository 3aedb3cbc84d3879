/** What is displayed while each scenario plays, in both generations, is what was read and kept: test/fixtures/scenarios. */
import { expect, test } from 'vitest';
import { readStory, STORY_CASES, tellStory } from '../../support/scenario-stories.ts';

test.each(STORY_CASES)('$name on KubeVirt $kubevirt', (story) => {
  expect(tellStory(story)).toBe(readStory(story));
});
