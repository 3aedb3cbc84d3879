/** The name of one life of a log: twelve random hexadecimal digits. */
const EPOCH_BYTES = 6;

export const newEpoch = (random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string =>
  Array.from(random(new Uint8Array(EPOCH_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
