/** What opens each route of the Worker. A route that is not here fails credentials.test.ts. */
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';

/** What opens a route. `fleet`: any viewer's credential, which decides what is in the answer. `cluster`: a viewer's who may see it. */
export type Opens = 'nothing' | 'login' | 'fleet' | 'cluster' | 'admin' | 'forwarder' | 'code';

const CLUSTER = '/api/v1/clusters/:cluster';
export const ROUTES: Readonly<Record<string, Opens>> = {
  'GET /healthz': 'nothing',
  'GET /metrics': 'admin',
  'GET /api/v1/openapi.json': 'nothing',
  'POST /api/v1/login': 'login',
  'POST /api/v1/logout': 'nothing',
  'GET /api/v1/shares': 'admin',
  'POST /api/v1/shares': 'admin',
  'DELETE /api/v1/shares/:id': 'admin',
  'GET /api/v1/clusters': 'fleet',
  'GET /api/v1/stream': 'fleet',
  'POST /api/v1/clusters': 'admin',
  [`DELETE ${CLUSTER}`]: 'admin',
  [`POST ${CLUSTER}/token`]: 'admin',
  [`DELETE ${CLUSTER}/token`]: 'admin',
  [`GET ${CLUSTER}/install.yaml`]: 'code',
  [`GET ${CLUSTER}`]: 'cluster',
  [`GET ${CLUSTER}/stream`]: 'cluster',
  [`GET ${CLUSTER}/frames`]: 'cluster',
  [`GET ${CLUSTER}/migrations`]: 'cluster',
  [`GET ${CLUSTER}/vms/:namespace/:name`]: 'cluster',
  [`GET ${CLUSTER}/vms/:namespace/:name/history`]: 'cluster',
  [`POST ${CLUSTER}/sessions`]: 'forwarder',
  [`POST ${CLUSTER}/batches`]: 'forwarder',
  [`POST ${CLUSTER}/progress`]: 'forwarder',
  [`GET ${CLUSTER}/uplink`]: 'forwarder',
};

/** Bodies that would be taken, so that only the credential can be what is refused. */
export const BODIES: Readonly<Record<string, unknown>> = {
  '/api/v1/clusters': { cluster: 'not-yet' },
  '/api/v1/shares': { expiresInSeconds: 60 },
  [`${CLUSTER}/sessions`]: { protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-kube-system', forwarder: 'test' },
  [`${CLUSTER}/batches`]: {
    session: 1,
    number: 3,
    kind: 'changes',
    hosts: [],
    vms: [],
    finished: [],
    goneHosts: [],
    goneVms: [],
    digest: '0'.repeat(16),
  },
  [`${CLUSTER}/progress`]: { session: 1, progress: [] },
};
