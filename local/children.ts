/** Child processes that must not outlive this one, however it ends: a second Ctrl-C, an exception. (SIGKILL leaves no time for it: local/bound-process.ts.) */
import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export function killAtExit<Child extends ChildProcess>(child: Child): Child {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}
