import { useSession, useWords } from '../context.ts';
import { Shape } from './shape.tsx';

/** The sums over all cards. */
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
      <div>
        <dt>{words.counts.vms}</dt>
        <dd data-count="vms">{formats.number(counts.vms)}</dd>
      </div>
      {(['running', 'off', 'moving', 'queued', 'failed', 'attention'] as const).map((name) => (
        <div key={name} data-quiet={quiet(counts[name])} data-kind={name}>
          <dt>
            {(name === 'running' || name === 'off') && <Shape of={name} />}
            {words.counts[name]}
          </dt>
          <dd data-count={name}>{formats.number(counts[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
