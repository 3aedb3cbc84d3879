/**
 * Asks a virt-handler for its metrics, at its pod and over TLS, and reads the few lines that matter as they come.
 *
 * Nothing secret goes there: no token, no certificate, and the endpoint asks for none (KubeVirt: VerifyClientCertIfGiven). Its own
 * certificate is signed by KubeVirt's authority and names neither host nor address, so what is checked is that it was made for a
 * virt-handler, as KubeVirt's components check each other. Where the authority may not be read nothing is checked: an impostor in the pod
 * network could then draw a wrong bar, and no more.
 */
import https from 'node:https';
import type { PeerCertificate } from 'node:tls';
import type { VmId } from '../../core/model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { formatNetworkError } from '../kube-failure.ts';
import { LineDecoder } from '../line-decoder.ts';
import type { HandlerAddress } from './handler-address.ts';
import { type HandlerFailure, isCertificateError } from './handler-failure.ts';
import { type Reading, ReadingCollector } from './reading.ts';

/** The common name of every virt-handler's server certificate. */
const HANDLER_NAME = 'kubevirt.io:system:node:virt-handler';
/** A handler measures all its VMs before it answers, and gives itself 10 s for that. */
const ANSWER_TIMEOUT_MS = 12_000;
/** A host of hundreds of VMs with many disks says about 2 MB. */
export const MAX_METRICS_BYTES = 8 * 1_048_576;

/** `authority`: PEM; null checks nothing. */
export async function readHandler(
  { ip, port }: HandlerAddress,
  authority: string | null,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<VmId, Reading>, HandlerFailure>> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  const trust: https.RequestOptions =
    authority === null ? { rejectUnauthorized: false } : { ca: authority, checkServerIdentity: checkHandlerName };
  const options: https.RequestOptions = {
    host: ip,
    port,
    path: '/metrics',
    // A connection of its own: two handlers are asked every five seconds, and none of them for long.
    agent: false,
    headers: { accept: 'text/plain', 'accept-encoding': 'identity', 'user-agent': 'hostview-forwarder' },
    signal: limit,
    ...trust,
  };
  const answered = new Promise<Result<ReadonlyMap<VmId, Reading>, HandlerFailure>>((resolve) => {
    let hasAnswer = false;
    const request = https.get(options, (response) => {
      hasAnswer = true;
      if (response.statusCode === 200) collect(response).then(resolve, fail);
      else {
        response.resume();
        request.destroy();
        resolve(err({ kind: 'status', status: response.statusCode ?? 0 }));
      }
    });
    const fail = (error: unknown): void => {
      if (isCertificateError(error)) resolve(err({ kind: 'untrusted', reason: error.message }));
      else resolve(err({ kind: 'unreachable', reason: formatNetworkError(limit.aborted ? limit.reason : error) }));
    };
    request.on('error', fail);
    // Node ends an answer that nobody here can take (101) without an error.
    request.on('close', () => {
      if (!hasAnswer) fail(new Error('it answers, but not with metrics'));
    });
  });
  // Node throws on what cannot be asked at all (a port that is none); that must not end the forwarder.
  return answered.catch((error) => err({ kind: 'unreachable', reason: formatNetworkError(error) }));
}

async function collect(response: AsyncIterable<Buffer>): Promise<Result<ReadonlyMap<VmId, Reading>, HandlerFailure>> {
  const collector = new ReadingCollector();
  const lines = new LineDecoder();
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > MAX_METRICS_BYTES) return err({ kind: 'too-large' });
    for (const line of lines.decode(chunk)) collector.take(line);
  }
  return ok(collector.readings);
}

function checkHandlerName(_host: string, { subject }: PeerCertificate): Error | undefined {
  if (subject?.CN === HANDLER_NAME) return undefined;
  return Object.assign(new Error(`it is made out to ${subject?.CN ?? 'nobody'}`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
