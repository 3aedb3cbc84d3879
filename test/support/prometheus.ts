/** Reads Prometheus' text format, strictly: what it does not understand is an error. */

export interface ParsedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

const HEAD = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\n"])*)"(,|$)/y;

export function parsePrometheus(text: string) {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { help: string; type: string; samples: ParsedSample[] }>();
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, of = '', said = ''] = HEAD.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(of)) throw new Error(`${of} is there twice`);
      families.set(of, { help: unescaped(said), type: '', samples: [] });
      continue;
    }
    const [, name = of, labels = '', number = ''] = SAMPLE.exec(line) ?? [];
    const family = families.get(name);
    if (family === undefined) throw new Error(`before its help, or no sample: ${line}`);
    if (kind === 'TYPE') family.type = said;
    else addSample(family.samples, { labels: parseLabels(labels), value: parseNumber(number) }, line);
  }
  const value = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    families.get(name)?.samples.find((sample) => keyOf(sample.labels) === keyOf(labels))?.value;
  return { families: families as ReadonlyMap<string, ParsedFamily>, value };
}

function addSample(samples: ParsedSample[], sample: ParsedSample, line: string): void {
  if (samples.some(({ labels }) => keyOf(labels) === keyOf(sample.labels))) throw new Error(`twice: ${line}`);
  samples.push(sample);
}

const keyOf = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort());

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`labels that do not parse: ${text}`);
    labels[match[1] ?? ''] = unescaped(match[2] ?? '');
  }
  return labels;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

function parseNumber(text: string): number {
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw new Error(`no number: ${text}`);
  return value;
}
