/** Log lines on stderr: for people (`warn: …`) or one JSON object a line, with what the sentence is about in fields of their own. */
import type { FactKind } from '../core/facts.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** A closed list, so that nothing that must not be in a log (a token, an object) can be put there in passing. */
export interface LogFields {
  readonly cluster?: string;
  /** The edge's URL. */
  readonly edge?: string;
  /** The API server's URL. */
  readonly server?: string;
  readonly kind?: FactKind;
  /** As RBAC names it. */
  readonly resource?: string;
  readonly verb?: string;
  /** What sort of failure, or of answer. */
  readonly outcome?: string;
  /** HTTP's. */
  readonly status?: number;
  readonly session?: number;
  readonly batch?: number;
  readonly count?: number;
  readonly hosts?: number;
  readonly vms?: number;
  readonly version?: string;
  readonly lease?: string;
  readonly identity?: string;
  readonly holder?: string;
}

export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly write: (line: string) => void;
  /** Wall clock, for the lines' time. */
  readonly now: () => Date;
}

export function createLog({ level, format, write, now }: LogOptions): Log {
  const lineAt =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(lineLevel) < LOG_LEVELS.indexOf(level)) return;
      write(format === 'json' ? formatJsonLine(now(), lineLevel, message, fields) : `${lineLevel}: ${toOneLine(message)}\n`);
    };
  return { debug: lineAt('debug'), info: lineAt('info'), warn: lineAt('warn'), error: lineAt('error') };
}

const formatJsonLine = (time: Date, level: LogLevel, message: string, fields: LogFields): string =>
  `${toOneLine(JSON.stringify({ time: time.toISOString(), level, message, ...fields }))}\n`;

/** What servers say can hold line breaks and escape sequences; a log line is one line, and only text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const toOneLine = (message: string): string => message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
