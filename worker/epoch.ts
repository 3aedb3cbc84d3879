/** The name of one life of a log: twelve random hexadecimal digits. */
import { formatHex } from './auth.ts';

const EPOCH_BYTES = 6;

export const newEpoch = (random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string =>
  formatHex(random(new Uint8Array(EPOCH_BYTES)));
