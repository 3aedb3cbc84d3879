/** The administrator's requests. A shell; what an answer means is in add-cluster.ts. */

import { LOAD_TIMEOUT_MS } from '../stream/api.ts';
import { type AddOutcome, addOutcome } from './add-cluster.ts';

export interface Wish {
  readonly cluster: string;
  /** Empty: none. */
  readonly displayName: string;
}

/** The token is sent and forgotten: it stands in no storage, no cookie and no address (SPEC A5). */
export const registerCluster = ({ cluster, displayName }: Wish, adminToken: string): Promise<AddOutcome> =>
  post('/api/v1/clusters', adminToken, { cluster, ...(displayName !== '' && { displayName }) });

/** Another command for one that is registered. */
export const issueCommand = (cluster: string, adminToken: string): Promise<AddOutcome> =>
  post(`/api/v1/clusters/${encodeURIComponent(cluster)}/token`, adminToken, {});

async function post(address: string, adminToken: string, body: unknown): Promise<AddOutcome> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      signal: AbortSignal.timeout(LOAD_TIMEOUT_MS),
      cache: 'no-store',
      redirect: 'manual',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    return addOutcome(answer.status, await answer.text(), answer.headers.get('retry-after'));
  } catch {
    // Also where the token has characters that no header can carry.
    return isHeaderText(adminToken) ? { kind: 'unreachable' } : { kind: 'wrong-token' };
  }
}

const isHeaderText = (text: string): boolean => /^[\x21-\x7e]*$/.test(text);
