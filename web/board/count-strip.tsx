import { VM_STATES, type VmState } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';

/** The first two are always there, so that the everyday numbers stay in their places; the others follow them where a VM is in one. */
const STATES = [...new Set<VmState>(['running', 'off', ...VM_STATES])];

/** The sums over all cards: what happens, then all VMs by state. */
export function CountStrip() {
  const counts = useSession().cluster.counts.value;
  const { words, formats } = useWords();
  const quiet = (value: number): 'true' | undefined => (value === 0 ? 'true' : undefined);
  return (
    <dl class="counts">
      <div>
        <dt>{words.hostsUp}</dt>
        <dd>
          <span data-count="hosts-up">{formats.number(counts.hostsUp)}</span>
          <span class="counts-total">
            /<span data-count="hosts">{formats.number(counts.hosts)}</span>
          </span>
        </dd>
      </div>
      {(['moving', 'queued', 'failed', 'attention', 'vms'] as const).map((name) => (
        <div key={name} data-quiet={quiet(counts[name])} data-kind={name}>
          <dt>{words.counts[name]}</dt>
          <dd data-count={name}>{formats.number(counts[name])}</dd>
        </div>
      ))}
      {STATES.filter((state, at) => at < 2 || counts[state] > 0).map((state) => (
        <div key={state} data-quiet={quiet(counts[state])} data-kind={state}>
          <dt>
            <Shape of={state} />
            {words.states[state]}
          </dt>
          <dd data-count={state}>{formats.number(counts[state])}</dd>
        </div>
      ))}
    </dl>
  );
}
