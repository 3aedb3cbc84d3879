import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryFrame, openBoard } from '../../support/open-board.ts';

it('offers the labels that there are', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFrame, { maxLength: 12 }), (frames) => {
      const board = openBoard();
      const stops = [board.labels.start(), board.picture.start()];
      for (const frame of frames) {
        board.commit(frame);
        const isAny = board.vms().some(({ labels }) => labels !== undefined);
        expect(board.labels.keys.value).toEqual(isAny ? ['team'] : []);
      }
      for (const stop of stops) stop();
    }),
  );
});
