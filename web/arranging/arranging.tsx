import { effect } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import type { HostName } from '../../core/model.ts';
import { watchAttention } from '../board/attention-model.ts';
import { isNarrow } from '../board/narrow-model.ts';
import { usePictureTools } from '../board/picture-tools.ts';
import { useSession } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { scheduleFrame } from '../rendering/frame.ts';
import { ZoneHeading } from './group-heading.tsx';
import { HostCount } from './host-count.tsx';

/** Lets the search and the order of the board live as long as the board does. */
export function Arranging() {
  const { countView } = useSession();
  const { state } = usePageState();
  const { picture, filter, order, labels } = usePictureTools();
  useLayoutEffect(() => {
    const stops = [
      labels.start(),
      filter.start(),
      order.start(headingOf),
      // Not only while something is searched: then each first key would change a thousand cards.
      effect(() => {
        const { key } = order.sort.value;
        const isWeighed = key === 'memory' || key === 'cpu';
        if (state.value.isHiding || isNarrow.value) {
          countView.value = countOf;
          return;
        }
        // In a frame of its own: to put the cards into another order is long enough.
        return scheduleFrame(() => {
          countView.value = isWeighed ? countOf : null;
        });
      }),
      watchAttention(order.hold),
      picture.start(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [countView, state, picture, filter, order, labels]);
  return null;
}

const headingOf = (zone: string | null, hosts: readonly HostName[]) => <ZoneHeading key={`zone/${zone ?? ''}`} zone={zone} hosts={hosts} />;
const countOf = (host: HostName | null) => <HostCount host={host} />;
