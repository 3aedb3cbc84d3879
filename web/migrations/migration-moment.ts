import type { MigrationRecord } from '../../core/history.ts';

/** The last moment at which the room still saw it under way: the frame that ended it came a millisecond later. */
export const momentBeforeEnd = ({ endedAt, recordedAt }: Pick<MigrationRecord, 'endedAt' | 'recordedAt'>): number =>
  (endedAt ?? recordedAt) - 1;
