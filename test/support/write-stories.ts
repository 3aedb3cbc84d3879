/** `node test/support/write-stories.ts`: writes what is now displayed while each scenario plays. Read the difference before you keep it. */
import { STORY_CASES, writeStory } from './scenario-stories.ts';

for (const story of STORY_CASES) writeStory(story);
