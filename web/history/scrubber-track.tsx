import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useSession, useWords } from '../page/context.ts';
import { UNREADABLE_MOMENT } from '../page/page-state.ts';
import { useLateWords } from '../words/late-words.ts';
import { usePastWords } from '../words/view-words.ts';
import { endsText } from './ends-text.ts';
import { MovesChart } from './moves-chart.tsx';
import { isPresentEnd, keptMoment, markAt, momentAt, momentForKey, type Range, type Scale, sliderOf } from './past-scale.ts';
import { SilenceBands } from './silence-bands.tsx';
import { isSilentAt } from './silences.ts';
import { TimeTicks } from './time-ticks.tsx';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/** A key that is held down names many moments: the address takes the one at which it rests. */
const KEY_SETTLES_AFTER_MS = 500;

export interface ScrubberTrackProps {
  /** When it comes. */
  readonly takesFocus: boolean;
}

/** The scale with its hand: dragged, or moved by the keys of a slider. */
export function ScrubberTrack({ takesFocus }: ScrubberTrackProps) {
  const { timeline } = useHistory();
  const scale = timeline.scale.value;
  const range = timeline.range.value;
  return scale === null || range === null ? <div class="past-track" /> : <Track scale={scale} range={range} takesFocus={takesFocus} />;
}

interface TrackProps extends ScrubberTrackProps {
  readonly scale: Scale;
  readonly range: Range;
}

function Track({ scale, range, takesFocus }: TrackProps) {
  const { connection } = useSession();
  const { history, timeline } = useHistory();
  const { formats } = useWords();
  const words = usePastWords();
  const { history: told } = useLateWords();
  const moments = useMomentFormats();
  const track = useRef<HTMLDivElement>(null);
  const held = useSignal<number | null>(null);
  /** What was shown when the hand was taken. */
  const before = useRef<number | 'live'>('live');
  const resting = useRef<{ readonly at: number | 'live'; readonly timer: ReturnType<typeof setTimeout> } | null>(null);
  const shown = connection.past.value?.at ?? null;
  // Where nothing can be shown of the moment that was asked for, the hand does not stand at the present.
  const refused = connection.isPastAwaited.value ? (history.problem.value?.at ?? null) : null;
  const hand = held.value ?? history.awaited.value ?? refused ?? shown;
  const { min, max, now } = sliderOf(range, hand);
  const ends = timeline.ends.value;
  const silent = hand !== null && ends !== null && isSilentAt(ends.silences, hand) ? ` · ${told.notHeard}` : '';

  const textOf = (at: number | null): string =>
    at === null ? words.now : at === UNREADABLE_MOMENT ? words.unreadableTitle : `${moments.full(at)}${silent}`;
  const momentUnder = (event: PointerEvent): number | 'live' => {
    const box = track.current?.getBoundingClientRect();
    const fraction = box === undefined || box.width === 0 ? 1 : (event.clientX - box.left) / box.width;
    return isPresentEnd(scale, fraction) ? 'live' : keptMoment(range, momentAt(scale, fraction));
  };
  const move = (at: number | 'live'): void => {
    held.value = at === 'live' ? range.to : at;
    if (at !== 'live') history.drag(at);
  };
  const forgetKeys = (): void => {
    clearTimeout(resting.current?.timer);
    resting.current = null;
  };
  const settle = (at: number | 'live'): void => {
    forgetKeys();
    held.value = null;
    timeline.isHeld.value = false;
    if (at === 'live') history.live();
    else history.show(at);
  };
  const readKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = momentForKey(event.key, scale, range, hand);
    if (at === undefined) return;
    event.preventDefault();
    move(at);
    forgetKeys();
    resting.current = { at, timer: setTimeout(() => settle(at), at === 'live' ? 0 : KEY_SETTLES_AFTER_MS) };
  };
  useEffect(() => {
    if (takesFocus) track.current?.focus({ preventScroll: true });
  }, []);
  useEffect(
    () => () => {
      forgetKeys();
      timeline.isHeld.value = false;
    },
    [timeline],
  );

  return (
    <div class="past-track">
      <div
        ref={track}
        class="past-slider"
        role="slider"
        tabIndex={0}
        aria-label={words.slider}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={now}
        aria-valuetext={textOf(hand)}
        aria-describedby="past-ends"
        onKeyDown={readKey}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          timeline.isHeld.value = true;
          before.current = hand ?? 'live';
          move(momentUnder(event));
        }}
        onPointerMove={(event) => timeline.isHeld.peek() && move(momentUnder(event))}
        onPointerUp={(event) => timeline.isHeld.peek() && settle(momentUnder(event))}
        // It was the beginning of a scroll.
        onPointerCancel={() => timeline.isHeld.peek() && settle(before.current)}
        // Whatever is pressed next comes after the keys, and not before them.
        onBlur={() => resting.current !== null && settle(resting.current.at)}
      >
        <svg width="100%" height="100%" aria-hidden="true">
          {ends !== null && <SilenceBands stretch={scale} ends={ends} />}
          {ends !== null && <MovesChart stretch={scale} ends={ends} />}
          <Mark kind="shown" scale={scale} range={range} at={shown} />
          <Mark kind="hand" scale={scale} range={range} at={hand ?? scale.to} />
        </svg>
      </div>
      <TimeTicks stretch={scale} />
      <p id="past-ends" class="unseen">
        {ends !== null && endsText(ends, scale, told, formats)}
      </p>
    </div>
  );
}

interface MarkProps extends Pick<TrackProps, 'scale' | 'range'> {
  readonly kind: 'shown' | 'hand';
  readonly at: number | null;
}

function Mark({ kind, scale, range, at }: MarkProps) {
  const fraction = at === null ? null : markAt(scale, range, at);
  if (fraction === null) return null;
  const x = `${fraction * 100}%`;
  return (
    <g class="past-mark" data-mark={kind}>
      <line x1={x} x2={x} y1="0" y2="100%" />
      {kind === 'hand' && <circle cx={x} cy="50%" r="7" />}
    </g>
  );
}
