/**
 * Programs that end with this process, however that ends: a SIGKILL leaves no time to end them. The kernel does it (Linux, util-linux's
 * setpriv); elsewhere they are started as they are. local/workerd.sh is the same for workerd, which Miniflare starts.
 */
import { spawnSync } from 'node:child_process';

let canBind: boolean | undefined;

/** The program and its arguments, such that it is sent SIGTERM when this process is gone. */
export function boundCommand(program: string, args: readonly string[]): readonly [program: string, args: string[]] {
  canBind ??= spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0;
  return canBind ? ['setpriv', ['--pdeathsig', 'TERM', program, ...args]] : [program, [...args]];
}
