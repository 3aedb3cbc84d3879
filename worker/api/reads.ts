/** What viewers may ask. */
import { DEFAULT_PAGE_COUNT, MAX_PAGE_COUNT } from '../../core/limits.ts';
import { framesQuery, LEAST_BUCKET_S, listQuery, MOST_BUCKET_S, migrationsQuery, snapshotQuery } from '../query-schemas.ts';
import { CLUSTER, CLUSTERS, done, json, type Operation, type Parameter } from './operation.ts';

const RESUME: readonly Parameter[] = [
  { name: 'cursor', in: 'query', description: 'Where the viewer is: it gets what came later, or a snapshot.' },
  { name: 'last-event-id', in: 'header', description: 'The same, as browsers send it; beats `cursor`.' },
];

const LIMIT = { type: 'integer', minimum: 1, maximum: MAX_PAGE_COUNT, default: DEFAULT_PAGE_COUNT } as const;
const BUCKET = { type: 'integer', minimum: LEAST_BUCKET_S, maximum: MOST_BUCKET_S } as const;

export const READS: readonly Operation[] = [
  {
    method: 'get',
    path: CLUSTERS,
    id: 'listClusters',
    summary: 'The clusters that the viewer may see, in numbers',
    access: 'viewer',
    query: listQuery,
    parameters: [
      {
        name: 'follow',
        in: 'query',
        description: '`true` where the stream is opened next: the list is the stream’s own, with the cursor at which it goes on.',
      },
    ],
    answers: { 200: json('ClusterList', 'The clusters.') },
    problems: ['invalid'],
  },
  {
    method: 'get',
    path: '/api/v1/stream',
    id: 'streamFleet',
    summary: 'The list of clusters as it changes',
    access: 'viewer',
    parameters: RESUME,
    answers: {
      200: {
        type: 'text/event-stream',
        events: { snapshot: 'FleetSnapshot', frame: 'FleetFrame', ping: 'FleetPulse' },
        description: 'Server-Sent Events.',
      },
    },
    problems: ['too-many-viewers'],
  },
  {
    method: 'get',
    path: CLUSTER,
    id: 'getCluster',
    summary: 'The whole state of a cluster, now or at a moment in the past',
    access: 'viewer',
    query: snapshotQuery,
    parameters: [
      { name: 'at', in: 'query', description: 'A moment in the past: ISO 8601 with a zone, or milliseconds since 1970.' },
      { name: 'if-none-match', in: 'header', description: 'The ETag of an answer before.' },
      { name: 'x-hostview-drift', in: 'header', description: 'Says that the viewer’s digest differed; it is counted.' },
    ],
    answers: { 200: json('Snapshot', 'The state; its ETag is the cursor.'), 304: done('Nothing has changed since.') },
    problems: ['invalid', 'out-of-range', 'too-many-reads'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/stream`,
    id: 'streamCluster',
    summary: 'The state of a cluster as it changes',
    access: 'viewer',
    parameters: RESUME,
    answers: {
      200: {
        type: 'text/event-stream',
        events: { snapshot: 'Snapshot', frame: 'Frame', heard: 'Pulse', ping: 'Pulse', progress: 'ProgressEvent' },
        description: 'Server-Sent Events; the id of one is the cursor after it.',
      },
    },
    problems: ['too-many-viewers'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/frames`,
    id: 'listFrames',
    summary: 'The log, from a cursor on',
    access: 'viewer',
    query: framesQuery,
    parameters: [
      { name: 'from', in: 'query', description: 'The cursor to start after; absent: the oldest.' },
      { name: 'limit', in: 'query', description: 'How many frames at most.', schema: LIMIT },
    ],
    answers: { 200: json('FramePage', 'Frames, oldest first. `next` is the `from` of the next page, null at the head of the log.') },
    problems: ['invalid', 'invalid-cursor', 'out-of-range', 'too-many-reads'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/migrations`,
    id: 'listMigrations',
    summary: 'Migrations, newest first, or how they ended per interval',
    access: 'viewer',
    query: migrationsQuery,
    parameters: [
      { name: 'limit', in: 'query', description: 'How many at most.', schema: LIMIT },
      { name: 'before', in: 'query', description: 'The `next` of the page before.' },
      { name: 'vm', in: 'query', description: 'Only those of this VM, `namespace/name`.' },
      {
        name: 'bucket',
        in: 'query',
        description:
          'Counts per interval of so many seconds instead, and when the cluster was silent (the longest 200 times): zero is also what an interval says of that, or before `oldestAt`.',
        schema: BUCKET,
      },
      {
        name: 'from',
        in: 'query',
        description: 'With `bucket`: from when, as `at`; absent: as far back as the past is kept, and 1,000 intervals at most.',
      },
      { name: 'to', in: 'query', description: 'With `bucket`: until when, not included; absent: now.' },
    ],
    answers: {
      200: json(
        'Migrations',
        'A page of migrations, those under way on the first one only, or with `bucket` the counts. `next` is the `before` of the next page.',
      ),
    },
    problems: ['invalid', 'invalid-cursor', 'name-too-long', 'too-many-reads'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/vms/:namespace/:name`,
    id: 'getVm',
    summary: 'A VM with its uid, its stages and its places',
    access: 'viewer',
    answers: { 200: json('VmDetail', 'The VM.') },
    problems: ['unknown-vm', 'too-many-reads'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/vms/:namespace/:name/history`,
    id: 'getVmHistory',
    summary: 'Where a VM was, when, and why it moved',
    access: 'viewer',
    answers: { 200: json('VmHistory', 'Its places and its migrations.') },
    problems: ['unknown-vm', 'too-many-reads'],
  },
];
