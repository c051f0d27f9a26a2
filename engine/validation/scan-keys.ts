import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../options.js';

/**
 * The keys of an answer to GET /_scan: NDJSON, `{"key": base64, "value": base64}` a line. The answer comes from a
 * server that may be wrong in any way, so a line has a bound, base64 is read strictly, and reading ends as soon as
 * there are more keys than anybody expects. Values are looked at and thrown away.
 */
export type ScanKeys =
  /** Byte text, in the order of the lines. */
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** A line that is none; `what` says which and how it looks. */
  | { readonly kind: 'broken'; readonly what: string };

/** Reads up to `keysMax` keys; further lines are left. Rejects as `chunks` does. */
export async function readScanKeys(chunks: AsyncIterable<Uint8Array>, keysMax: number): Promise<ScanKeys> {
  const keys: string[] = [];
  for await (const line of linesOf(chunks)) {
    if (line === undefined) return broken(keys, `more than ${LINE_BYTES_MAX} bytes`);
    if (keys.length === keysMax) break;
    const key = keyOf(line);
    if (key === undefined) return broken(keys, JSON.stringify(line.toString('latin1', 0, SHOWN_BYTES)));
    keys.push(key);
  }
  return { kind: 'keys', keys };
}

/** Base64 is four characters for three bytes. */
const LINE_BYTES_MAX = Math.ceil((KEY_BYTES_MAX + VALUE_BYTES_MAX) / 3) * 4 + 1_024;
const LINE_FEED = 0x0a;
const SHOWN_BYTES = 200;

/** Lines without their line feed, the last one also if it has none; undefined, and then nothing, for one that is too long. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...parts, bytes.subarray(start, end)]);
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(bytes.subarray(start));
    length += bytes.length - start;
    if (length > LINE_BYTES_MAX) {
      yield undefined;
      return;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}

function keyOf(line: Buffer): string | undefined {
  try {
    const pair: unknown = JSON.parse(line.toString('utf8'));
    if (typeof pair !== 'object' || pair === null || !('key' in pair) || !('value' in pair)) return undefined;
    return bytesOf(pair.value) === undefined ? undefined : bytesOf(pair.key);
  } catch {
    return undefined;
  }
}

/** Strict: Buffer skips what is not base64, so what it read is written again and compared. */
function bytesOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes.toString('latin1') : undefined;
}

function broken(keys: readonly string[], what: string): ScanKeys {
  return { kind: 'broken', what: `line ${keys.length + 1} of the scan is ${what}` };
}
