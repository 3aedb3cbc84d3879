/** What a Dockerfile says, for tests that have no builder of images: its stages, what each is given, what is run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/paths.ts';

export interface Stage {
  /** The lines after its FROM. */
  readonly lines: readonly string[];
  /** What is copied from the context. */
  readonly copied: readonly string[];
}

/** `name`: below deploy/. */
export function readDockerfile(name: string): readonly Stage[] {
  const stages: string[][] = [];
  for (const line of readFileSync(join(ROOT, 'deploy', name), 'utf8').split('\n')) {
    if (line.startsWith('FROM ')) stages.push([]);
    stages.at(-1)?.push(line);
  }
  return stages.map((lines) => ({ lines, copied: copiedIn(lines) }));
}

const copiedIn = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from')).flatMap((line) => line.split(' ').slice(1, -1));

/** Of an instruction in exec form: `ENTRYPOINT ["node", "x"]`, `HEALTHCHECK … CMD ["node"]`. */
export function readCommand(stage: Stage | undefined, instruction: string): readonly string[] {
  const line = stage?.lines.find((text) => text.startsWith(`${instruction} `)) ?? '';
  return JSON.parse(/\[.*\]$/.exec(line)?.[0] ?? '[]') as string[];
}
