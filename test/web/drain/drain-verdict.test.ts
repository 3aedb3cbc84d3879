import { describe, expect, it } from 'vitest';
import { DRAIN_ANSWERS, isSafe } from '../../../core/model.ts';
import { selectVerdict } from '../../../web/drain/drain-verdict.ts';

describe('whether a host may be powered off, as the page says it', () => {
  it.each(DRAIN_ANSWERS)('%s: yes only live, and only where nothing is shown on the host', (because) => {
    const drain = { because, safe: isSafe(because) };
    const sure = because === 'off' ? 'off' : isSafe(because) ? 'yes' : 'no';
    expect(selectVerdict({ drain, picture: 'live', shown: 0 })).toEqual({ answer: sure });
    expect(selectVerdict({ drain, picture: 'live', shown: 1 })).toEqual(
      isSafe(because) ? { answer: 'unknown', why: 'contradiction' } : { answer: 'no' },
    );
  });

  it.each(DRAIN_ANSWERS)('%s, in a picture that is not live: no answer; a no is told with its time, a yes is not', (because) => {
    const drain = { because, safe: isSafe(because) };
    const no = <Then>(then: Then): Then | null => (isSafe(because) ? null : then);
    for (const shown of [0, 1]) {
      expect(selectVerdict({ drain, picture: 'old', shown })).toEqual({ answer: 'unknown', why: 'old', no: no('heard') });
      expect(selectVerdict({ drain, picture: 'past', shown })).toEqual({ answer: 'unknown', why: 'past', no: no('moment') });
      expect(selectVerdict({ drain, picture: 'silent-past', shown })).toEqual({ answer: 'unknown', why: 'past', no: no('heard') });
    }
  });
});
