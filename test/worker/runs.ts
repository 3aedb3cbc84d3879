/** How long the tests in workerd try: the worker lane's counterpart of test/support/runs.ts. */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly long: boolean;
    /** '' for none. */
    readonly seed: string;
  }
}

export const isLong = inject('long');

/** The seed that HOSTVIEW_SEED names, to play one failure again; null where it names none. */
export const givenSeed = inject('seed') === '' ? null : Number(inject('seed'));
