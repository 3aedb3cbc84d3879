/**
 * The uplink's protocol version. A room accepts this one and the one before it (U8).
 *
 *   1  2026-11  first: sessions, numbered batches, sync in parts, digest
 */
export const PROTOCOL_VERSION = 1;
export const OLDEST_PROTOCOL_VERSION = 1;
