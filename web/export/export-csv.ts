/**
 * CSV by RFC 4180, made to be opened in a spreadsheet: with a byte order mark, without which Excel takes UTF-8 for something else, and
 * without formulas. A cluster chooses its names and reasons, and a spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` (OWASP,
 * "CSV Injection"): such a text gets an apostrophe in front. What must be exact is in the JSON.
 */

/** Absent and null are an empty cell; numbers and booleans stay what they are. */
export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Cell;
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Where a cell can begin: at the start of the text, and after what separates cells and lines in some country's spreadsheet, for one that
 * expects semicolons ends a cell at a semicolon that stands in quotes for others. Blanks, quotes and what cannot be seen (a NUL that is dropped,
 * a space without width) do not hide what follows them.
 */
const FORMULA = /(^|[,;\t\r\n|])([\s"\p{C}]*)(?=[=+\-@＝＋－＠])/gu;
/** Alone they are dangerous too: the first cell of a line that a spreadsheet makes of it would be the cluster's. */
const CONTROL_START = /^\p{Cc}/u;
const MAY_BE_FORMULA = /[=+\-@＝＋－＠]/;
/** Those that read-json.ts puts around what runs from right to left, for the page's own words beside it. */
const FENCES = /[\u2068\u2069]/g;
const NEEDS_QUOTES = /[",;\t\r\n|]|^\s|\s$/;

/** A file is its head and its lines, one after the other. */
export const formatCsvHead = <Row>(columns: readonly Column<Row>[]): string =>
  `${BYTE_ORDER_MARK}${columns.map(({ name }) => formatCell(name)).join(',')}\r\n`;

export const formatCsvLine = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  `${columns.map(({ cell }) => formatCell(cell(row))).join(',')}\r\n`;

function formatCell(cell: Cell): string {
  if (cell === undefined || cell === null || cell === '') return '';
  if (typeof cell === 'number' && cell >= 0) return String(cell);
  if (typeof cell === 'boolean') return String(cell);
  const text = disarmFormulas(unfence(String(cell)));
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text as the cluster has it. */
export const unfence = (text: string): string => text.replace(FENCES, '');

function disarmFormulas(text: string): string {
  const disarmed = MAY_BE_FORMULA.test(text) ? text.replace(FORMULA, "$1$2'") : text;
  return CONTROL_START.test(disarmed) ? `'${disarmed}` : disarmed;
}
