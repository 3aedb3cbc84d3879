/** Reads a request's body as JSON, limited as it is inflated: 292 kB on the wire can be 300 MB of text. And it is not waited for without end. */
import { BODY_READ_MS, MAX_DEPTH } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isDeeperThan } from './nesting.ts';
import type { Refusal } from './problem.ts';

export async function readJson(request: Request, limitBytes: number, waitMs = BODY_READ_MS): Promise<Result<unknown, Refusal>> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return err({ code: 'invalid', status: 415, detail: 'Content-Encoding may be gzip or absent.' });
  }
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > limitBytes) return err(tooLarge(limitBytes));
  if (request.body === null) return err({ code: 'not-json', detail: 'The body is empty.' });
  // workerd leaves a request's encoding alone: fetch does not define one for requests.
  const inflated = encoding === 'gzip' ? request.body.pipeThrough(new DecompressionStream('gzip')) : request.body;
  let bytes: Uint8Array | 'too-large' | 'late';
  try {
    bytes = await readLimited(inflated, limitBytes, waitMs);
  } catch {
    return err({ code: 'not-json', detail: encoding === 'gzip' ? 'The body is not gzip.' : 'The body ended early.' });
  }
  if (bytes === 'too-large') return err(tooLarge(limitBytes));
  if (bytes === 'late') return err({ code: 'not-json', detail: `The body did not end within ${waitMs / 1_000} s.` });
  if (isDeeperThan(bytes, MAX_DEPTH)) return err({ code: 'too-deep', detail: `The JSON of a body is nested at most ${MAX_DEPTH} deep.` });
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)));
  } catch {
    return err({ code: 'not-json', detail: 'The body must be JSON in UTF-8.' });
  }
}

const tooLarge = (limitBytes: number): Refusal => ({
  code: 'too-large',
  detail: `A body has at most ${limitBytes} bytes, inflated. Send it in parts.`,
  extra: { limitBytes },
});

/** Where there is more than the limit, or it takes longer, the rest is not read, and what was read is let go of. */
async function readLimited(stream: ReadableStream<Uint8Array>, limitBytes: number, waitMs: number) {
  const reader = stream.getReader();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), waitMs);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late.promise]);
      if (next === 'late') return next;
      if (next.done) return concatenate(chunks, length);
      length += next.value.byteLength;
      if (length > limitBytes) return 'too-large';
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
