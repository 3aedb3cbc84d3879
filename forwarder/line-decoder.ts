/**
 * Bytes → lines. Works on bytes, so a character that is cut between two chunks is whole again, and joins the pieces of a line only
 * once, when it ends: an object of a megabyte in a hundred chunks is not copied a hundred times.
 */

/** No watch line is longer: etcd refuses objects of more than 1.5 MB (and some are stored as protobuf, which is shorter). */
export const MAX_LINE_BYTES = 16 * 1_048_576;

const NEWLINE = 0x0a;

export class LineDecoder {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** True while a line has begun that has not ended. */
  get hasRest(): boolean {
    return this.#bytes > 0;
  }

  /** A line has begun that is longer than any sound one: stop reading. */
  get isOverlong(): boolean {
    return this.#bytes > MAX_LINE_BYTES;
  }

  /** The lines that end in this chunk, without their ends; empty ones are left out. */
  decode(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#join(chunk.subarray(start, end));
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#pieces.push(chunk.subarray(start));
      this.#bytes += chunk.length - start;
    }
    return lines;
  }

  #join(last: Buffer): string {
    if (this.#bytes === 0) return last.toString('utf8');
    const line = Buffer.concat([...this.#pieces, last]).toString('utf8');
    this.#pieces = [];
    this.#bytes = 0;
    return line;
  }
}
