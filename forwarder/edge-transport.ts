/** Connections to the edge: through a proxy where there is one, with authorities of one's own. What went wrong is said with its place. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { formatNetworkError } from './kube-failure.ts';
import { isRecord, textAt } from './project/json.ts';
import type { EdgeProxy } from './proxy-env.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 20_000;
/** Longer than a heartbeat's interval, so that the next batch finds the connection open. */
const KEEP_ALIVE_MS = 60_000;

/** `ca`: PEM, authorities besides the usual ones and those of NODE_EXTRA_CA_CERTS; null for these alone. */
export function createTransport(proxy: EdgeProxy | null, ca: string | null): Dispatcher {
  const tls = ca === null ? {} : { secureContext: trust(ca) };
  const options: Agent.Options = {
    connect: { timeout: CONNECT_TIMEOUT_MS, ...tls },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  if (proxy === null) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: proxy.noProxy,
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTls: tls,
    proxyTls: tls,
    clientFactory: (origin, { connect }: { connect?: buildConnector.connector }) =>
      // A proxy that takes the connection and never answers would else hold up what follows for five minutes.
      new Pool(origin, { headersTimeout: ANSWER_TIMEOUT_MS, ...(connect !== undefined && { connect: markErrors(connect) }) }),
  });
}

const trust = (ca: string): SecureContext => createSecureContext({ ca: [...getCACertificates('default'), ca] });

/** The proxy itself cannot be reached; `cause` is why. */
class ProxyFailure extends Error {}

const markErrors =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...[error, socket]) =>
      error === null ? callback(null, socket) : callback(new ProxyFailure('the proxy cannot be reached', { cause: error }), null),
    );

/** What undici says where a proxy refuses a tunnel, and where it refuses a plain request. */
const PROXY_ANSWER = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/;

/** Why there was no answer. It names the proxy where that is the reason, never its password. */
export function formatTransportError(error: unknown, proxy: EdgeProxy | null): string {
  if (proxy === null) return formatNetworkError(error);
  if (error instanceof ProxyFailure) return `the proxy ${proxy.name}: ${formatNetworkError(error.cause)}`;
  if (textAt(error, 'code') === 'UND_ERR_PRX_CONN') return `the proxy ${proxy.name}: the connection broke off`;
  const [matched, tunnel, plain] = PROXY_ANSWER.exec(textAt(error, 'message') ?? '') ?? [];
  if (matched === undefined) return formatNetworkError(error);
  const status = tunnel ?? plain;
  if (status === '407') return `the proxy ${proxy.name} wants a user and a password that it knows (407); check HTTPS_PROXY`;
  return `the proxy ${proxy.name} does not let it through (${status})`;
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The other side's certificate is not trusted: perhaps its authority was replaced. */
export function isUntrusted(error: unknown): boolean {
  const code = textAt(error, 'code') ?? '';
  return UNTRUSTED.has(code) || (isRecord(error) && error.cause !== undefined && isUntrusted(error.cause));
}
