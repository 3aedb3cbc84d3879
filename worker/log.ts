/**
 * The log: one JSON object a line, through console. It carries no header, no query and no body, and of the address only the pattern, so that
 * no token, code or cookie can get in.
 */

export type Level = 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, string | number | undefined>>;

export function log(level: Level, message: string, fields: LogFields = {}): void {
  const line = JSON.stringify({ level, message, ...fields });
  if (level === 'error') console.error(line);
  else if (level === 'warn') console.warn(line);
  else console.log(line);
}

/** Null: not logged. Refusals and errors always are, all else where LOG_REQUESTS is `all`. */
export function selectLevel(status: number, logRequests: string | undefined): Level | null {
  if (status >= 500) return 'error';
  if (status >= 400) return 'warn';
  return logRequests === 'all' ? 'info' : null;
}

const MAX_ERROR_CHARS = 2_000;

/**
 * What was thrown and where, never more than a screen of it. Messages of the platform can name an address: its query is left out, and so is
 * anything as long as a token.
 */
export function describeError(error: unknown): { readonly error: string; readonly stack?: string } {
  if (!(error instanceof Error)) return { error: redact(String(error)) };
  return { error: redact(`${error.name}: ${error.message}`), ...(error.stack !== undefined && { stack: redact(error.stack) }) };
}

const redact = (text: string): string =>
  text
    .replaceAll(/\?[^\s'")]+/g, '?…')
    .replaceAll(/[\w-]{40,}/g, '…')
    .slice(0, MAX_ERROR_CHARS);
