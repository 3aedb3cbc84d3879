/** The room's tables, and how those of an older version become these. Text only; room-store.ts runs it. */

export const SCHEMA_VERSION = 3;

/**
 * config      one row: the cluster's name, the epoch of its log, the SHA-256 of its tokens, the version of these tables
 * session     one row: what a heartbeat or an empty batch changes, as JSON (SessionRow); a newer one can lie in the newest segment
 * hosts, vms  the present. WITHOUT ROWID: the key is the row's place, so a change is one row and no index
 * staged      the parts of a sync that is not committed; they are acknowledged, so they must be durable (U3)
 * segments    the log (room-log.ts); `session` is the row that holds after its last frame. `lines` last, so that reading the other columns
 *             does not read it; null is a hole
 * checkpoints the whole state after a revision, in parts (checkpoints.ts); `bytes` are the part's
 * silences    when the cluster was not heard for longer than what counts as live: heard at `began` and at `ended`, and not between (D5)
 * migrations  the finished ones, by VMIM uid (T8), numbered in the order in which they were learnt. No index: pages of them are read
 *             seldom, and each index would be one more row for each migration
 */
const SEGMENTS = `CREATE TABLE segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, last_at INTEGER NOT NULL, bytes INTEGER NOT NULL,
    session TEXT, lines TEXT);`;
const CHECKPOINTS = `CREATE TABLE checkpoints (revision INTEGER NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, digest TEXT NOT NULL,
    bytes INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (revision, part)) WITHOUT ROWID;`;
const SILENCES = 'CREATE TABLE silences (began INTEGER PRIMARY KEY, ended INTEGER NOT NULL);';
const MIGRATIONS = `CREATE TABLE migrations (id TEXT PRIMARY KEY, number INTEGER NOT NULL, recorded_at INTEGER NOT NULL, vm TEXT NOT NULL,
    outcome TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;`;

export const SCHEMA = `
  CREATE TABLE config (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL, cluster TEXT NOT NULL,
    display_name TEXT, epoch TEXT NOT NULL, token_hash TEXT NOT NULL, next_token_hash TEXT);
  CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL);
  CREATE TABLE hosts (name TEXT PRIMARY KEY, value TEXT NOT NULL, memory TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID;
  CREATE TABLE vms (id TEXT PRIMARY KEY, derived TEXT NOT NULL, memory TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE staged (number INTEGER PRIMARY KEY, value TEXT NOT NULL);
  ${SEGMENTS}
  ${CHECKPOINTS}
  ${SILENCES}
  ${MIGRATIONS}
`;

/** What makes a room of a version one of the next. */
const UPGRADES: ReadonlyMap<number, string> = new Map([
  // 2: what the room remembers of a host.
  [1, `ALTER TABLE hosts ADD COLUMN memory TEXT NOT NULL DEFAULT '{}'`],
  // 3: the past. Ends were not numbered, and when each was learnt is known only of those that were watched; the others were by now.
  [
    2,
    `ALTER TABLE segments RENAME TO old_segments;
     ${SEGMENTS}
     INSERT INTO segments SELECT first, last, last_at, bytes, NULL, lines FROM old_segments;
     DROP TABLE old_segments;
     ${CHECKPOINTS}
     ${SILENCES}
     ALTER TABLE migrations RENAME TO old_migrations;
     ${MIGRATIONS}
     INSERT INTO migrations
       SELECT id, row_number() OVER (ORDER BY learnt, over, id), learnt, value ->> '$.vm', value ->> '$.outcome', value
       FROM (SELECT id, value, coalesce(value ->> '$.endedAt', heard, 0) AS learnt,
           coalesce(value ->> '$.overAt', value ->> '$.createdAt', 0) AS over
         FROM old_migrations, (SELECT session.value ->> '$.lastHeard' AS heard FROM session));
     DROP TABLE old_migrations;
     UPDATE session SET value = json_set(value, '$.endCount', (SELECT count(*) FROM migrations));`,
  ],
]);

/** The steps from that version to this one, in order; throws where this code does not know it, before anything is changed. */
export function upgradesFrom(version: number): string[] {
  const steps: string[] = [];
  for (let reached = version; reached !== SCHEMA_VERSION; reached += 1) {
    const step = UPGRADES.get(reached);
    if (step === undefined) {
      throw new Error(`the room's tables have version ${version}, and this code knows 1 to ${SCHEMA_VERSION}: deploy the newer one again`);
    }
    steps.push(step);
  }
  return steps;
}
