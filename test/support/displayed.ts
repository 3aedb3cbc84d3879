/** What is displayed of a VM and of a host, as a line that a person can check: everything but times, uids and sizes. */
import { lanesOf } from '../../core/lanes.ts';
import { causeOf, type Host, type LastMigration, type Transit, type Vm, type Wait } from '../../core/model.ts';

const join = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== false && part !== undefined && part !== '').join('; ');

export function displayVm(vm: Vm): string {
  const { state, reason, danger = [], transit, evacuation, lastMigration, previous, migratable } = vm;
  return join(
    `${state}${reason === undefined ? '' : ` (${reason})`} ${placeOf(vm)}`,
    danger.length > 0 && `DANGER ${danger.join(', ')}`,
    transit !== undefined && displayTransit(transit),
    evacuation !== undefined && `to leave ${evacuation.from}, waits: ${displayWait(evacuation.waitingFor)}`,
    migratable.reason !== undefined && `cannot move: ${migratable.reason}`,
    lastMigration !== undefined && displayEnd(lastMigration),
    previous !== undefined && `was on ${previous.host}`,
  );
}

/** Where it is shown. */
export function placeOf(vm: Vm): string {
  const { settled, leaving, arriving } = lanesOf(vm);
  if (settled !== null) return `on ${settled}`;
  return leaving === null ? 'on no host' : `leaving ${leaving} for ${arriving ?? '?'}`;
}

function displayTransit(transit: Transit): string {
  const { stage, from, to, requested, suspended, peer, waitingFor } = transit;
  const { cause, evidence } = causeOf(transit);
  return join(
    `${stage} ${from ?? '?'} → ${to ?? '?'}`,
    `${cause}${evidence === undefined ? '' : ` [${evidence}]`}`,
    requested !== undefined && `asked for ${requested}`,
    peer !== undefined && `${peer.direction} ${peer.pair ?? '?'} ${peer.host ?? '?'} over there`,
    suspended && 'suspended',
    waitingFor !== undefined && `waits: ${displayWait(waitingFor)}`,
  );
}

function displayWait({ reason, detail, used, limit, assumed, host, failures, seconds, place }: Wait): string {
  const parts = [
    host !== undefined && `of ${host}`,
    limit !== undefined && `${used} of ${limit}`,
    assumed && 'assumed',
    failures !== undefined && `${failures} failed, ${seconds} s`,
    place !== undefined && `place ${place}`,
    detail !== undefined && `"${detail}"`,
  ].filter((part) => part !== false && part !== undefined);
  return [reason, ...parts].join(' ');
}

function displayEnd({ outcome, cause, from, to, requested, reason, tries, loop }: LastMigration): string {
  const parts = [
    requested !== undefined && requested !== to && `asked for ${requested}`,
    tries !== undefined && `try ${tries}`,
    loop && 'LOOP',
    reason !== undefined && `"${reason}"`,
  ].filter((part) => part !== false && part !== undefined);
  return [`last ${outcome} ${from ?? '?'} → ${to ?? '?'} ${cause}`, ...parts].join(' ');
}

export function displayHost({ state, reasons, roles, drain }: Host): string {
  const answer = drain === undefined ? undefined : `safe to power off: ${drain.safe ? 'YES' : 'no'}, ${drain.because}`;
  const counts =
    drain === undefined
      ? undefined
      : [
          `${drain.here} of ${drain.were} here`,
          ...(['moving', 'stopping', 'waiting', 'stuck', 'arriving'] as const).flatMap((part) =>
            drain[part] > 0 ? `${drain[part]} ${part}` : [],
          ),
        ].join(', ');
  return join(state, reasons.length > 0 && `(${reasons.join('; ')})`, roles.includes('witness') && 'witness', counts, answer);
}

export interface Picture {
  readonly hosts: Iterable<Host>;
  readonly vms: Iterable<Vm>;
}

/** Everything that is displayed, by `host NAME` and `VM ID`. */
export function displayAll({ hosts, vms }: Picture): Map<string, string> {
  const lines = new Map<string, string>();
  for (const host of hosts) lines.set(`host ${host.name}`, displayHost(host));
  for (const vm of vms) lines.set(`VM ${vm.id}`, displayVm(vm));
  return lines;
}

/** Writes down each thing that is displayed otherwise than before, in order. */
export class DisplayLog {
  readonly #lines = new Map<string, string[]>();

  /** What is displayed now. */
  see(picture: Picture): ReadonlyMap<string, string> {
    const now = displayAll(picture);
    for (const [name, line] of now) {
      const known = this.#lines.get(name);
      if (known === undefined) this.#lines.set(name, [line]);
      else if (known.at(-1) !== line) known.push(line);
    }
    for (const [name, known] of this.#lines) if (!now.has(name) && known.at(-1) !== 'gone') known.push('gone');
    return now;
  }

  /** What of it has changed at all, name by name. */
  format(): string {
    const changed = [...this.#lines].filter(([, lines]) => lines.length > 1).sort(([a], [b]) => (a < b ? -1 : 1));
    return changed.map(([name, lines]) => `${name}\n${lines.map((line) => `  ${line}\n`).join('')}`).join('\n');
  }
}
