import type { ComponentChild, VNode } from 'preact';
import { VM_STATES, type VmState } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import type { Counts } from './board.ts';

/** The first two are always there, so that the everyday numbers stay in their places; the others follow them where a VM is in one. */
const STATES = [...new Set<VmState>(['running', 'off', ...VM_STATES])];

/** The sums over all cards: what happens, then all VMs by state. */
export function CountStrip() {
  const counts = useSession().cluster.counts.value;
  const { words, formats } = useWords();
  const count = (name: keyof Counts, ...label: readonly ComponentChild[]): VNode => (
    <div key={name} data-quiet={counts[name] === 0 ? 'true' : undefined} data-kind={name}>
      <dt>{label}</dt>
      <dd data-count={name}>{formats.number(counts[name])}</dd>
    </div>
  );
  return (
    <dl class="counts">
      <div data-kind={counts.hostsUp < counts.hosts ? 'down' : undefined}>
        <dt>{words.hostsUp}</dt>
        <dd>
          <span data-count="hosts-up">{formats.number(counts.hostsUp)}</span>
          <span class="counts-total">
            /<span data-count="hosts">{formats.number(counts.hosts)}</span>
          </span>
        </dd>
      </div>
      {(Object.keys(words.counts) as (keyof typeof words.counts)[]).map((name) => count(name, words.counts[name]))}
      {STATES.filter((state, at) => at < 2 || counts[state] > 0).map((state) => count(state, <Shape of={state} />, words.states[state]))}
    </dl>
  );
}
