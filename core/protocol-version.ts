/**
 * The uplink's protocol version. A room accepts this one and the one before it (U8).
 *
 *   1  2026-11  first: sessions, numbered batches, sync in parts, digest
 *   2  2026-11  drains of hosts, evacuations, what a migration waits for, evidence, cross-cluster; ends told again where more is known
 *
 * What either side can do without is no new version: the room names it in `accepts` of its answer to OpenSession (`progress`, `labels`).
 */
export const PROTOCOL_VERSION = 2;
export const OLDEST_PROTOCOL_VERSION = 1;
