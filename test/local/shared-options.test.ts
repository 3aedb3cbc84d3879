import { describe, expect, test } from 'vitest';
import { parseStartOptions } from '../../local/options.ts';
import { parseSettings } from '../../simulator/config.ts';
import { CLUSTER_RANGES } from '../../simulator/option-numbers.ts';

/** What the simulator's own command line and that of `npm start` make of one option: the number, or the sentence. */
function readBoth(name: string, text: string): readonly [unknown, unknown] {
  const args = [`--${name}=${text}`];
  const settings = parseSettings(args);
  const options = parseStartOptions(args);
  return [
    settings.type === 'run' ? settings.settings[name as 'vms'] : 'message' in settings && settings.message,
    options.ok ? typeof options.value === 'object' && options.value[name as 'vms'] : options.error,
  ];
}

describe.each(CLUSTER_RANGES)('--$name means the same to both', ({ name, least, most }) => {
  test.each([String(least), String(most), String(most + 1), String(least - 1), 'x'])('%s', (text) => {
    const [simulator, start] = readBoth(name, text);
    expect(simulator).toEqual(start);
    expect(typeof simulator).toBe(Number(text) >= least && Number(text) <= most ? 'number' : 'string');
  });
});
