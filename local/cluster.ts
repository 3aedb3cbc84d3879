/** `npm run cluster`: an administrator's work at any edge. What a script wants goes to stdout, everything else to stderr. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { err, ok, type Result } from '../core/result.ts';
import { type Answer, explainNoAnswer, formatList, noteOnInstall, readAnswer, readInstall, readList, readToken } from './cluster-answer.ts';
import {
  CLUSTER_HELP,
  type ClusterCommand,
  type ClusterOptions,
  parseAdminToken,
  parseClusterOptions,
  warnAbout,
} from './cluster-options.ts';
import { EXIT_BAD_SETTINGS } from './exit-codes.ts';

const EXIT_REFUSED = 1;
const TIMEOUT_MS = 30_000;

type Ask = (method: string, path: string, body?: unknown) => Promise<Result<unknown>>;
/** What goes to stdout, and a remark on it. */
interface Told {
  readonly result: string;
  readonly note?: string;
}

const parsed = parseClusterOptions(process.argv.slice(2), process.env);
if (!parsed.ok) fail(parsed.error, EXIT_BAD_SETTINGS);
else if (parsed.value === 'help') console.log(CLUSTER_HELP);
else await run(parsed.value);

async function run({ command, edge, adminTokenFile }: ClusterOptions): Promise<void> {
  const adminToken = parseAdminToken(adminTokenFile === null ? process.env.HOSTVIEW_ADMIN_TOKEN : await readTokenFile(adminTokenFile));
  if (!adminToken.ok) return fail(adminToken.error, EXIT_BAD_SETTINGS);
  const warning = warnAbout(edge);
  if (warning !== null) console.error(warning);
  if (command.verb === 'remove' && !command.isConfirmed) await confirm(command.cluster);
  const told = await carryOut(command, (method, path, body) => ask(`${edge}${path}`, adminToken.value, method, body));
  if (!told.ok) return fail(told.error, EXIT_REFUSED);
  if (told.value.result !== '') console.log(told.value.result);
  if (told.value.note !== undefined) console.error(told.value.note);
}

async function carryOut(command: ClusterCommand, askEdge: Ask): Promise<Result<Told>> {
  if (command.verb === 'list') {
    const answer = await askEdge('GET', '/api/v1/clusters');
    if (!answer.ok) return answer;
    const list = readList(answer.value);
    if (!list.ok) return list;
    return ok({ result: command.isJson ? JSON.stringify(list.value, null, 2) : formatList(list.value) });
  }
  const { cluster } = command;
  const path = `/api/v1/clusters/${cluster}`;
  switch (command.verb) {
    case 'add': {
      const body = { cluster, ...(command.displayName !== null && { displayName: command.displayName }) };
      return install(await askEdge('POST', '/api/v1/clusters', body), path, command.wantsToken, askEdge);
    }
    case 'rotate':
      return install(await askEdge('POST', `${path}/token`), path, command.wantsToken, askEdge);
    case 'revoke':
      return done(await askEdge('DELETE', `${path}/token`), `All tokens and codes of ${cluster} are invalid now.`);
    case 'remove':
      return done(await askEdge('DELETE', path), `${cluster} is removed, with all its data.`);
  }
}

async function install(issued: Result<unknown>, path: string, wantsToken: boolean, askEdge: Ask): Promise<Result<Told>> {
  if (!issued.ok) return issued;
  const read = readInstall(issued.value);
  if (!read.ok) return read;
  if (!wantsToken) return ok({ result: read.value.command, note: noteOnInstall(read.value, Date.now()) });
  const redeemed = await askEdge('GET', `${path}/install.yaml?code=${encodeURIComponent(read.value.code)}`);
  if (!redeemed.ok) return redeemed;
  const token = readToken(redeemed.value);
  return token.ok ? ok({ result: token.value }) : token;
}

function done(answer: Result<unknown>, note: string): Result<Told> {
  return answer.ok ? ok({ result: '', note }) : answer;
}

async function ask(url: string, adminToken: string, method: string, body: unknown): Promise<Result<unknown>> {
  let answer: Answer;
  try {
    const response = await fetch(url, {
      method,
      // A redirect would lose the token or turn a POST into a GET; it is told instead.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${adminToken}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    answer = { status: response.status, location: response.headers.get('location'), text: await response.text() };
  } catch (error) {
    return err(explainNoAnswer(new URL(url).origin, error));
  }
  return readAnswer(answer);
}

/** Ends the program where nobody agrees. */
async function confirm(cluster: string): Promise<void> {
  if (!process.stdin.isTTY) fail('Nobody can be asked here; say --yes to remove it with all its data.', EXIT_BAD_SETTINGS);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await prompt.question(`This deletes ${cluster} and its history. Type its name to go on: `);
  prompt.close();
  if (typed.trim() !== cluster) fail('Nothing was removed.', EXIT_REFUSED);
}

function readTokenFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => fail(`The admin token cannot be read: ${error.message}`, EXIT_BAD_SETTINGS));
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
