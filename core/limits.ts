/** Every number of the protocol, with its unit in the name. */

/** A cluster counts as live when it was heard this recently (D5). */
export const LIVE_WITHIN_MS = 30_000;
/** How often a forwarder that has nothing to say says so (U5). */
export const HEARTBEAT_INTERVAL_MS = 10_000;
/** A cluster that was not heard for this long has missed a heartbeat: of what it tells next nobody knows when it was. */
export const UNSEEN_AFTER_MS = 15_000;
/** Of so many VMs that left a host the room remembers when: the pace of an hour ago says little about the next one. */
export const MAX_LEAVING_COUNT = 12;
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
/** Hosts, VMs, ends of migrations and names of what is gone in one batch: a whole cluster that is replaced by another fits. */
export const MAX_ENTITIES_PER_BATCH_COUNT = 2 * (MAX_VMS_PER_CLUSTER_COUNT + MAX_HOSTS_PER_CLUSTER_COUNT);
/** Requests of the uplink that a room takes a second in the long run: five times what U4 allows. */
export const UPLINK_RATE_PER_S = 100;
/** How many it takes at once: a sync of {@link MAX_SYNC_PART_COUNT} parts many times over. */
export const UPLINK_BURST_COUNT = 1_000;
/** How long a body is waited for; a forwarder has given up its request by then (U11). */
export const BODY_READ_MS = 30_000;
/** How many bodies a room reads at once: a forwarder sends one or two, and there may be two forwarders for a moment. */
export const MAX_BODIES_AT_ONCE_COUNT = 8;
/** How deep the JSON of a body may be nested: three times what any message is. */
export const MAX_DEPTH = 16;
export const MAX_CLUSTERS_COUNT = 1_000;
/** How long an install code can be redeemed. */
export const INSTALL_CODE_VALID_MS = 3_600_000;

/** The intervals in which a cluster's summary counts how migrations ended, and how many of them have a part in an hour. */
export const RECENT_INTERVAL_MS = 5 * 60_000;
export const RECENT_INTERVALS_COUNT = 13;

/** How many of its last frames the fleet keeps for viewers that come back. */
export const FLEET_FRAMES_COUNT = 2_048;
/** The least time between two reports of a room to the fleet. */
export const REPORT_INTERVAL_MS = 250;
/** How long a room that the fleet follows goes on reporting. */
export const FOLLOW_MS = 5 * 60_000;
/** How often the fleet asks for that again while it is watched. */
export const FOLLOW_RENEWAL_MS = 2 * 60_000;
/** How soon it asks a room again that did not answer. */
export const FOLLOW_RETRY_MS = 15_000;
/** How long a viewer of the fleet waits for rooms that do not answer; what does not report either is shown as not known. */
export const FOLLOW_PATIENCE_MS = 2_000;
/** How long the fleet goes on watching for a page that has read the list and is about to open the stream. */
export const FOLLOW_ARRIVAL_MS = 10_000;
export const MAX_VIEWERS_PER_CLUSTER_COUNT = 5_000;

/** VIEWER_TOKEN or ADMIN_TOKEN that is shorter opens nothing (A1). */
export const MIN_SECRET_CHARS = 16;
/** The longest text that is looked at as somebody's token. */
export const MAX_TOKEN_CHARS = 512;
/** How long a login is good; a share's never outlives the share (A4). */
export const LOGIN_VALID_MS = 12 * 3_600_000;
export const MAX_SHARES_COUNT = 1_000;
/** How many clusters a share can name, if it does not show all. */
export const MAX_SHARE_CLUSTERS_COUNT = 32;
export const SHARE_LEAST_S = 60;
export const SHARE_MOST_S = 90 * 24 * 3_600;

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
/** Most labels of a VM that are carried. */
export const MAX_LABELS_COUNT = 16;
/** Longest key of a label: a DNS subdomain, a slash, a name. */
export const MAX_LABEL_KEY_CHARS = 253 + 1 + 63;
/** Longest value of a label. */
export const MAX_LABEL_VALUE_CHARS = 63;

/** How many former hosts of a VM the room remembers. */
export const MAX_PLACES_COUNT = 16;
/** An automatic migration that failed this often in a row is called a loop. */
export const LOOP_FROM_TRIES_COUNT = 3;
/** Longest `field=value` that says where a cause was read from. */
export const MAX_EVIDENCE_CHARS = 200;

/** A segment of the log is closed when it has grown to this. */
export const SEGMENT_BYTES = 65_536;
/** How far back the past of a cluster can be asked for, where the settings say nothing else. */
export const LOG_RETENTION_MS = 7 * 24 * 3_600_000;
/** How much frames and checkpoints may take, where the settings say nothing else. */
export const LOG_RETENTION_BYTES = 64 * 1_048_576;
/** A checkpoint is not written before the frames since the last one have grown to this, however small the cluster. */
export const CHECKPOINT_FLOOR_BYTES = 262_144;
/** A checkpoint lies in rows of at most this much; a row may have 2 MB. */
export const CHECKPOINT_PART_BYTES = 1_000_000;
/** How many finished migrations a room keeps at most, however young. */
export const MAX_MIGRATIONS_COUNT = 20_000;
/** How often a room looks for old ones while a retention passes, or as many come as are kept: looking reads all. */
export const MIGRATIONS_LOOKS_COUNT = 40;
/** The longest lists that the past is answered with, and what is given where nobody says how much. */
export const MAX_PAGE_COUNT = 1_000;
export const DEFAULT_PAGE_COUNT = 100;
export const MAX_BUCKETS_COUNT = 1_000;
/** How many silences of a cluster are told at once. */
export const MAX_SILENCES_COUNT = 200;
/** What a room reads of the past in the long run, and at once: a fifth of its time (measured: 10 ms of it a megabyte). */
export const READ_RATE_KB_PER_S = 20_000;
export const READ_BURST_KB = 200_000;
/** A viewer that comes back gets frames up to this much, else a snapshot. */
export const RESUME_BYTES = 1_048_576;

/** A viewer with more than this unread is sent no more frames until it has taken them (D4). */
export const VIEWER_WINDOW_BYTES = 65_536;
/** The same where a Worker has to tell the room; the more it holds streams, the less. */
export const BRIDGE_WINDOW_BYTES = { least: 16_384, most: 262_144 } as const;
/** What a room holds at most for all viewers that have not read it yet, shared bytes counted once; an object has 128 MB. */
export const VIEWERS_BUFFER_BYTES = 32 * 1_048_576;
/** What waits in one Worker for all bridged viewers, who share its 128 MB; beyond it whoever has more than a fair share and does not read is cut off. */
export const BRIDGES_BUFFER_BYTES = 64 * 1_048_576;
export const BRIDGE_FAIR_BYTES = 262_144;
/** One that has read nothing of what waits for it for this long is cut off. */
export const VIEWER_STALL_MS = 45_000;
/** One that took something this recently counts as reading what waits for it. */
export const VIEWER_READING_MS = 2_000;
/** The largest WebSocket message between room and Worker; the bytes of SSE text are cut anywhere. */
export const BRIDGE_MESSAGE_BYTES = 262_144;

/**
 * About one and a half times what workerd takes to deliver a frame to one viewer, and each kilobyte of it, so that fan-out leaves it some of
 * its time (measured: 0.05 ms and 0.001 ms a kB direct, about twice that over a bridge). Where it takes longer, viewers are behind and get less.
 */
export const DELIVERY_MS = { direct: 0.08, bridge: 0.15 } as const;
export const DELIVERY_KB_MS = { direct: 0.0015, bridge: 0.003 } as const;
/** A frame never waits longer than this for others to merge with. */
export const FRAME_INTERVAL_MOST_MS = 1_000;
/** Where more than this waits, it leaves at once. */
export const FRAMES_WAITING_BYTES = 1_048_576;

/** How long a viewer's stream lives: this, and up to as much more by chance. Then access is checked again. */
export const STREAM_LIFE_LEAST_MS = 10 * 60_000;
export const STREAM_LIFE_SPREAD_MS = 5 * 60_000;
