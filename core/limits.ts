/** Every number of the protocol, with its unit in the name. */

/** A cluster counts as live when it was heard this recently (D5). */
export const LIVE_WITHIN_MS = 30_000;
/** How often a forwarder that has nothing to say says so (U5). */
export const HEARTBEAT_INTERVAL_MS = 10_000;
/** The least time between the starts of two batches (U4). */
export const BATCH_INTERVAL_MS = 50;
/** How often a stream carries a `ping` (D3). */
export const PING_INTERVAL_MS = 15_000;
/** A page that has had no event for this long takes its stream for dead (two pings and some grace). */
export const STREAM_SILENT_AFTER_MS = 35_000;

/** The largest body of an uplink request, inflated (U3). */
export const MAX_BODY_BYTES = 1_048_576;
/** What a forwarder fills a part of a sync with, so that it stays under {@link MAX_BODY_BYTES}. */
export const SYNC_PART_TARGET_BYTES = 900_000;
export const MAX_SYNC_PART_COUNT = 64;
export const MAX_VMS_PER_CLUSTER_COUNT = 20_000;
export const MAX_HOSTS_PER_CLUSTER_COUNT = 1_000;
export const MAX_CLUSTERS_COUNT = 1_000;
export const MAX_VIEWERS_PER_CLUSTER_COUNT = 5_000;

/** Longest name of a cluster, a namespace or a DNS label. */
export const MAX_LABEL_CHARS = 63;
/** Longest name of a host or a VM (DNS subdomain). */
export const MAX_NAME_CHARS = 253;
/** Longest uid. */
export const MAX_UID_CHARS = 64;
/** Longest text of Kubernetes that is carried (reasons, messages, display names); forwarders shorten, rooms refuse. */
export const MAX_TEXT_CHARS = 512;
/** Most strings in a list of them (roles, reasons, dangers). */
export const MAX_LIST_COUNT = 32;

/** How many former hosts of a VM the room remembers. */
export const MAX_PLACES_COUNT = 16;
/** An automatic migration that failed this often in a row is called a loop. */
export const LOOP_FROM_TRIES_COUNT = 3;
/** Longest `field=value` that says where a cause was read from. */
export const MAX_EVIDENCE_CHARS = 200;

/** A segment of the log is closed when it has grown to this. */
export const SEGMENT_BYTES = 65_536;
/** How long frames are kept. */
export const LOG_RETENTION_MS = 7 * 24 * 3_600_000;
/** How much of them is kept at most. */
export const LOG_RETENTION_BYTES = 64 * 1_048_576;
/** A viewer that comes back gets frames up to this much, else a snapshot. */
export const RESUME_BYTES = 1_048_576;

/** A viewer whose unread bytes pass this is cut off and resumes by cursor (D4). Larger than the largest snapshot. */
export const VIEWER_BUFFER_BYTES = 16 * 1_048_576;
/** One that has read nothing of what waits for it for this long is cut off too. */
export const VIEWER_STALL_MS = 45_000;
/** The largest WebSocket message between room and Worker; the bytes of SSE text are cut anywhere. */
export const BRIDGE_MESSAGE_BYTES = 262_144;
