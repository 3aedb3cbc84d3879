/** The options of `npm run cluster`, read from its arguments. Pure: what is wrong with them comes back as a sentence. */
import { parseArgs } from 'node:util';
import { MAX_LABEL_CHARS, MAX_TEXT_CHARS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { explainArgsError } from '../simulator/option-numbers.ts';
import { isLabel } from './options.ts';

interface Named {
  readonly cluster: string;
}
export type ClusterCommand =
  | (Named & { readonly verb: 'add'; readonly displayName: string | null; readonly wantsToken: boolean })
  | (Named & { readonly verb: 'rotate'; readonly wantsToken: boolean })
  | (Named & { readonly verb: 'revoke' })
  | (Named & { readonly verb: 'remove'; readonly isConfirmed: boolean })
  | { readonly verb: 'list'; readonly isJson: boolean };

export interface ClusterOptions {
  readonly command: ClusterCommand;
  /** Without a slash at its end. */
  readonly edge: string;
  /** Where the admin token is, when it is not in HOSTVIEW_ADMIN_TOKEN. */
  readonly adminTokenFile: string | null;
}

export const CLUSTER_HELP = `Adds clusters to an edge, gives their forwarders tokens, and takes both away again.

  npm run cluster -- add NAME --edge URL [--display-name TEXT]   registers it; prints the kubectl line that installs its forwarder
  npm run cluster -- rotate NAME --edge URL                      another one; the old token stays valid until the new one is first used
  npm run cluster -- revoke NAME --edge URL                      all its tokens and codes are invalid at once
  npm run cluster -- remove NAME --edge URL [--yes]              removes it with all its data
  npm run cluster -- list --edge URL [--json]                    what there is, and how it is

  --edge URL               the edge, such as https://hostview.example.org (or HOSTVIEW_EDGE)
  --token                  add, rotate: prints the token alone, and spends the code, for a forwarder that is installed otherwise
  --admin-token-file FILE  the edge's ADMIN_TOKEN, when it is not in HOSTVIEW_ADMIN_TOKEN
  --help                   this text

Exit codes: 0 done, 1 the edge refused or could not be reached, 2 wrong arguments.`;

const OPTIONS = {
  edge: { type: 'string' },
  'display-name': { type: 'string' },
  token: { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  'admin-token-file': { type: 'string' },
  help: { type: 'boolean' },
} as const;
type OptionName = keyof typeof OPTIONS;

type Verb = ClusterCommand['verb'];
/** Which options go with which verb; the others go with all. */
const OWN_OPTIONS: Readonly<Record<Verb, readonly OptionName[]>> = {
  add: ['display-name', 'token'],
  rotate: ['token'],
  revoke: [],
  remove: ['yes'],
  list: ['json'],
};
const SHARED_OPTIONS: readonly OptionName[] = ['edge', 'admin-token-file', 'help'];
const isVerb = (text: string | undefined): text is Verb => text !== undefined && Object.hasOwn(OWN_OPTIONS, text);

const SEE = 'See: npm run cluster -- --help';

export function parseClusterOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<ClusterOptions | 'help'> {
  let values: Partial<Record<OptionName, string | boolean>>;
  let positionals: readonly string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }));
  } catch (error) {
    return err(`${explainArgsError(error)} ${SEE}`);
  }
  if (values.help === true) return ok('help');
  const [verb, cluster, ...more] = positionals;
  if (!isVerb(verb)) return err(`Say what to do: ${Object.keys(OWN_OPTIONS).join(', ')}. ${SEE}`);
  const foreign = (Object.keys(values) as OptionName[]).find((name) => !SHARED_OPTIONS.includes(name) && !OWN_OPTIONS[verb].includes(name));
  if (foreign !== undefined) return err(`--${foreign} does not go with ${verb}. ${SEE}`);
  if (more.length > 0 || (verb === 'list' && cluster !== undefined)) return err(`That is too much: ${positionals.join(' ')}. ${SEE}`);

  const edge = parseEdge((values.edge as string | undefined) ?? env.HOSTVIEW_EDGE);
  if (!edge.ok) return edge;
  const command = commandOf(verb, cluster, values);
  if (!command.ok) return command;
  return ok({ command: command.value, edge: edge.value, adminTokenFile: (values['admin-token-file'] as string | undefined) ?? null });
}

function commandOf(verb: Verb, cluster: string | undefined, values: Partial<Record<OptionName, string | boolean>>): Result<ClusterCommand> {
  if (verb === 'list') return ok({ verb, isJson: values.json === true });
  if (cluster === undefined) return err(`Name the cluster: npm run cluster -- ${verb} NAME --edge URL`);
  if (!isLabel(cluster)) return err(`A cluster's name is lower-case letters, digits and hyphens, at most ${MAX_LABEL_CHARS}.`);
  const displayName = (values['display-name'] as string | undefined) ?? null;
  if (displayName !== null && (displayName.trim() === '' || displayName.length > MAX_TEXT_CHARS))
    return err(`--display-name takes 1 to ${MAX_TEXT_CHARS} characters.`);
  const wantsToken = values.token === true;
  switch (verb) {
    case 'add':
      return ok({ verb, cluster, displayName, wantsToken });
    case 'rotate':
      return ok({ verb, cluster, wantsToken });
    case 'revoke':
      return ok({ verb, cluster });
    case 'remove':
      return ok({ verb, cluster, isConfirmed: values.yes === true });
  }
}

/** An address without path, so that what is asked for is beside what the page shows. */
function parseEdge(text: string | undefined): Result<string> {
  if (text === undefined || text.trim() === '') return err(`Name the edge: --edge URL (or HOSTVIEW_EDGE). ${SEE}`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return err(`--edge takes an http or https address, not "${text}".`);
  if (url.username !== '' || url.password !== '') return err('--edge takes no user and no password.');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return err(`--edge takes an address without a path: ${url.origin}`);
  return ok(url.origin);
}

/** The admin token as it stands in the file or the variable; one that a header can carry. */
export function parseAdminToken(text: string | undefined): Result<string> {
  const token = (text ?? '').trim();
  if (token === '') return err('The admin token is needed: set HOSTVIEW_ADMIN_TOKEN, or name a file with --admin-token-file FILE.');
  return /^[\x21-\x7e]+$/.test(token) ? ok(token) : err('The admin token has characters in it that a header cannot carry.');
}

/** Loopback is nobody else's; on any other way, http shows the admin token to whoever is on it. */
export function warnAbout(edge: string): string | null {
  const { protocol, hostname } = new URL(edge);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || isLoopback ? null : `Careful: over ${edge} the admin token travels unencrypted; use https.`;
}
