/** Log lines on stderr: for people (`warn: …`) or one JSON object a line. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type Log = Readonly<Record<LogLevel, (message: string) => void>>;

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
    (message: string): void => {
      if (LOG_LEVELS.indexOf(lineLevel) < LOG_LEVELS.indexOf(level)) return;
      write(format === 'json' ? formatJsonLine(now(), lineLevel, message) : `${lineLevel}: ${toOneLine(message)}\n`);
    };
  return { debug: lineAt('debug'), info: lineAt('info'), warn: lineAt('warn'), error: lineAt('error') };
}

const formatJsonLine = (time: Date, level: LogLevel, message: string): string =>
  `${JSON.stringify({ time: time.toISOString(), level, message })}\n`;

/** What servers say can hold line breaks and escape sequences; a log line is one line, and only text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const toOneLine = (message: string): string => message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
