/**
 * Of the VMs on a host that is being emptied: which of them will leave by themselves, and which need somebody (a person, another cluster,
 * room elsewhere). Only of the first can be said when they will be gone.
 */
import { drainPartOf } from '../../core/drain-part.ts';
import type { HostName, Vm, WaitReason } from '../../core/model.ts';
import { waitOf } from './drain-lists.ts';

/** Why a VM that is here does not leave by itself. */
export const HINDRANCES = ['stuck', 'failing', 'held', 'unasked'] as const;
/**
 * `stuck` it cannot move · `failing` its moves fail again and again, or do not converge · `held` what it waits for does not come with the
 * next free slot · `unasked` nobody has asked it to leave.
 */
export type Hindrance = (typeof HINDRANCES)[number];

export interface DrainLine {
  /** Moving, shutting down, or waiting for their turn. */
  readonly going: number;
  readonly hindered: Readonly<Record<Hindrance, number>>;
}

export const countHindered = ({ hindered }: DrainLine): number => HINDRANCES.reduce((sum, hindrance) => sum + hindered[hindrance], 0);

/** What is over when it is a VM's turn. */
const WAITS_FOR_A_TURN: readonly WaitReason[] = ['cluster-limit', 'host-limit', 'no-migration', 'backoff', 'shutdown'];

export function selectDrainLine(residents: Iterable<Vm>, host: HostName): DrainLine {
  const hindered: Record<Hindrance, number> = { stuck: 0, failing: 0, held: 0, unasked: 0 };
  let going = 0;
  for (const vm of residents) {
    const hindrance = hindranceOf(vm, host);
    if (hindrance === null) going += 1;
    else hindered[hindrance] += 1;
  }
  return { going, hindered };
}

/** Null where it goes by itself. */
export function hindranceOf(vm: Vm, host: HostName): Hindrance | null {
  const part = drainPartOf(vm, host);
  if (part === null) return 'unasked';
  if (part === 'stuck') return 'stuck';
  if (part === 'stopping') return null;
  if (vm.lastMigration?.loop === true || vm.danger?.includes('not-converging') === true) return 'failing';
  const wait = waitOf(vm);
  return wait === undefined || WAITS_FOR_A_TURN.includes(wait.reason) ? null : 'held';
}
