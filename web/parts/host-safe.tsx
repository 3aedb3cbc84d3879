import type { Drain } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { lateParts } from '../late-parts.ts';
import { Shape } from './shape.tsx';

/**
 * Whether a host that is being emptied may be powered off; the why, and how far it has come, are late parts. An answer that is not live
 * is none: somebody would power a host off by it.
 */
export function HostSafe({ drain }: { readonly drain: Drain }) {
  const { safe } = useWords().words;
  const late = lateParts.value;
  const isLive = useSession().connection.badge.value.kind === 'live';
  const answer = isLive ? (drain.safe ? 'yes' : 'no') : 'unknown';
  const isOff = isLive && drain.because === 'off';
  return (
    <div class="host-drain" data-drain={drain.because}>
      <p class="host-safe" data-safe={answer}>
        <Shape of={answer} />
        <span>
          {!isOff && safe.question}
          <strong>{safe[isOff ? 'off' : answer]}</strong>
          {late !== null && <late.SafeReason drain={drain} isLive={isLive} />}
        </span>
      </p>
      {late !== null && <late.DrainFacts drain={drain} />}
    </div>
  );
}
