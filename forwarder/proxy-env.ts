/** HTTPS_PROXY and its kin → the proxy on the way to one edge. Pure; nothing that it returns for people holds a password. */
import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '../core/result.ts';

export interface EdgeProxy {
  /** With user and password, where there are some. */
  readonly url: string;
  /** For people: without them. */
  readonly name: string;
  /** Hosts that are reached without it, as undici understands them: names, suffixes, ports. */
  readonly noProxy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:']);

/**
 * Null where there is none. As curl and Go have it: HTTPS_PROXY for an https edge, HTTP_PROXY for an http one, lower case first; the
 * scheme may be missing. Networks (10.0.0.0/8), which clusters have in NO_PROXY and undici does not know, count for edges that are
 * given by address.
 */
export function selectProxy(edge: string, env: Environment): Result<EdgeProxy | null> {
  const { protocol, hostname } = new URL(edge);
  const variable = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = settingOf(env, variable);
  const noProxy = settingOf(env, 'NO_PROXY') ?? '';
  if (given === undefined || isInNetworks(hostname.replace(/^\[(.*)\]$/, '$1'), noProxy)) return ok(null);
  const url = parseProxyUrl(given.includes('://') ? given : `http://${given}`);
  if (url === null) return err(`${variable} is no URL of a proxy, such as http://proxy.example.org:3128`);
  return ok({ url: url.href, name: `${url.protocol}//${url.host}`, noProxy });
}

function settingOf(env: Environment, variable: string): string | undefined {
  const value = (env[variable.toLowerCase()] || env[variable])?.trim();
  return value === '' ? undefined : value;
}

function parseProxyUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return null;
  }
  return PROTOCOLS.has(url.protocol) && url.hostname !== '' ? url : null;
}

function isInNetworks(address: string, noProxy: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const networks = new BlockList();
  for (const entry of noProxy.split(/[\s,]+/)) {
    const [network = '', prefix = ''] = entry.split('/');
    const isNetwork = isIP(network) === family && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32);
    if (isNetwork) networks.addSubnet(network, Number(prefix), type);
  }
  return networks.check(address, type);
}
