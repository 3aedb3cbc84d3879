import type { Formats } from './format.ts';

const MIB = 1_048_576;
const GIB = 1_073_741_824;

/** Binary units, as Kubernetes counts memory. */
export const memoryText = (bytes: number, { number }: Pick<Formats, 'number'>): string =>
  bytes >= GIB ? `${number(bytes / GIB)} GiB` : `${number(bytes / MIB)} MiB`;
