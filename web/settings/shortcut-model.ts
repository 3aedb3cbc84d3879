/** Who does what a single key asks for. The parts that can do it say so while they are there: the keyboard knows none of them. */
import type { Shortcut } from './keys.ts';

const providers = new Map<Shortcut, (() => void)[]>();

/** The last one that came does it. Answers how to stop. */
export function provideShortcut(shortcut: Shortcut, run: () => void): () => void {
  providers.set(shortcut, [...(providers.get(shortcut) ?? []), run]);
  return () => {
    providers.set(
      shortcut,
      (providers.get(shortcut) ?? []).filter((other) => other !== run),
    );
  };
}

/** Answers whether there was somebody to do it. */
export function runShortcut(shortcut: Shortcut): boolean {
  const run = providers.get(shortcut)?.at(-1);
  run?.();
  return run !== undefined;
}
