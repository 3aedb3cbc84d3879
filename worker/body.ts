/** Reads a request's body as JSON, limited as it is inflated: 292 kB on the wire can be 300 MB of text. */
import { MAX_DEPTH } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isDeeperThan } from './nesting.ts';
import type { Refusal } from './problem.ts';

export async function readJson(request: Request, limitBytes: number): Promise<Result<unknown, Refusal>> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return err({ code: 'invalid', status: 415, detail: 'Content-Encoding may be gzip or absent.' });
  }
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > limitBytes) return err(tooLarge(limitBytes));
  if (request.body === null) return err({ code: 'not-json', detail: 'The body is empty.' });
  // workerd leaves a request's encoding alone: fetch does not define one for requests.
  const inflated = encoding === 'gzip' ? request.body.pipeThrough(new DecompressionStream('gzip')) : request.body;
  let bytes: Uint8Array | null;
  try {
    bytes = await readLimited(inflated, limitBytes);
  } catch {
    return err({ code: 'not-json', detail: encoding === 'gzip' ? 'The body is not gzip.' : 'The body ended early.' });
  }
  if (bytes === null) return err(tooLarge(limitBytes));
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

/** Null where there is more than the limit; the rest is not read. */
async function readLimited(stream: ReadableStream<Uint8Array>, limitBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    if (length > limitBytes) return null;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
