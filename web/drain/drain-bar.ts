/** The parts of the emptying of a host, to scale: all VMs that were there, each in one of them. Pure. */
import type { Drain } from '../../core/model.ts';

/** In the order in which they stand in the bar: from what is done to what needs a person. */
const BAR_PARTS = ['gone', 'moving', 'stopping', 'waiting', 'unasked', 'stuck'] as const;

export interface BarPart {
  readonly part: (typeof BAR_PARTS)[number];
  readonly vms: number;
  /** Of the whole, from 0 to 1. */
  readonly from: number;
  readonly share: number;
}

/** Always those that say something when they are zero, too; the others where a VM is in them. */
const COMMON_PARTS: readonly string[] = ['gone', 'moving', 'waiting', 'stuck'];

type Counts = Pick<Drain, 'here' | 'were' | 'moving' | 'stopping' | 'waiting' | 'stuck'>;

/** The parts that the room does not count: who was here, and who is here and in no other, for nobody has asked them to leave. */
export const countRest = ({
  here,
  were,
  moving,
  stopping,
  waiting,
  stuck,
}: Counts): { readonly gone: number; readonly unasked: number } => ({
  gone: Math.max(0, were - here),
  unasked: Math.max(0, here - moving - stopping - waiting - stuck),
});

export function selectBar(drain: Counts): BarPart[] {
  const { moving, stopping, waiting, stuck } = drain;
  const vms = { ...countRest(drain), moving, stopping, waiting, stuck };
  const whole = Object.values(vms).reduce((sum, each) => sum + each, 0);
  let from = 0;
  return BAR_PARTS.filter((part) => vms[part] > 0 || COMMON_PARTS.includes(part)).map((part) => {
    const share = whole === 0 ? 0 : vms[part] / whole;
    const entry = { part, vms: vms[part], from, share };
    from += share;
    return entry;
  });
}
