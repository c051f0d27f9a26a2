import type { BatchWrite } from '../index.js';
import { KEY_BYTES_MAX } from '../options.js';
import { HttpError, tooLarge } from './errors.js';
import { type BytesEncoding, bytesOfJson } from './json-bytes.js';

/**
 * The body of a batch: a JSON array of operations, or NDJSON, an operation a line. An array begins with `[`.
 *
 *     {"op": "put", "key": "Y2F0", "value": "bmluZQ=="}
 *     {"op": "delete", "key": "ZG9n"}
 *
 * Nothing is guessed: a field too many, a value for a delete, text that is no base64 are errors that name the
 * operation, counted from 1. HTTP_BAD_BODY; HTTP_TOO_LARGE for a key, a value, or a number of operations above its limit.
 */
export function parseBatch(body: Uint8Array, encoding: BytesEncoding, limits: BatchLimits): BatchWrite[] {
  const text = textOf(body);
  const array = /^\s*\[/.test(text);
  const operations = array ? arrayOf(text) : linesOf(text);
  const writes: BatchWrite[] = [];
  for (const operation of operations) {
    if (writes.length === limits.operationsMax) {
      throw new HttpError(
        'HTTP_TOO_LARGE',
        `Expected a batch of at most ${limits.operationsMax} operations, got more; send several.`,
      );
    }
    const name = `operation ${writes.length + 1}`;
    writes.push(writeOf(array ? operation : parsed(name, operation as string), name, encoding, limits));
  }
  if (writes.length === 0 && !array) {
    throw badBody('Expected a JSON array or lines of JSON, got nothing; an empty batch is [].');
  }
  return writes;
}

export interface BatchLimits {
  readonly operationsMax: number;
  readonly valueBytesMax: number;
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw badBody('Expected JSON in UTF-8, got bytes that are not; encode keys and values as base64.', cause);
  }
}

function arrayOf(text: string): readonly unknown[] {
  return parsed('an array', text) as readonly unknown[];
}

/** Lines that hold something, each only when it is asked for: the first bad one ends the reading. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== '') yield line;
    start = end + 1;
  }
}

function parsed(name: string, json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw badBody(`Expected ${name} as JSON, got: ${(cause as Error).message.slice(0, 200)}.`, cause);
  }
}

function writeOf(
  operation: unknown,
  name: string,
  encoding: BytesEncoding,
  { valueBytesMax }: BatchLimits,
): BatchWrite {
  if (typeof operation !== 'object' || operation === null || Array.isArray(operation)) {
    throw badBody(`Expected ${name} to be an object with op and key, got something else.`);
  }
  const { op, key, value, ...others } = operation as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw badBody(
      `Expected ${name} to have op, key and value only, got ${JSON.stringify(other.slice(0, 40))}.`,
    );
  }
  const keyBytes = bytesOf(key, `the key of ${name}`, encoding);
  if (keyBytes.length === 0)
    throw badBody(`Expected the key of ${name} to have at least one byte, got none.`);
  if (keyBytes.length > KEY_BYTES_MAX)
    throw tooLarge(`the key of ${name}`, KEY_BYTES_MAX, `${keyBytes.length}`);
  if (op === 'delete' && value === undefined) return { kind: 'delete', key: keyBytes };
  if (op === 'delete') throw badBody(`Expected no value in ${name}, which deletes; leave it out.`);
  if (op !== 'put') throw badBody(`Expected the op of ${name} to be "put" or "delete", got something else.`);
  const valueBytes = bytesOf(value, `the value of ${name}`, encoding);
  if (valueBytes.length > valueBytesMax)
    throw tooLarge(`the value of ${name}`, valueBytesMax, `${valueBytes.length}`);
  return { kind: 'put', key: keyBytes, value: valueBytes };
}

function bytesOf(value: unknown, what: string, encoding: BytesEncoding): Uint8Array {
  const bytes = bytesOfJson(value, encoding);
  if (bytes !== undefined) return bytes;
  const expected = encoding === 'base64' ? 'base64 in a string' : 'a string, or {"base64": "..."}';
  throw badBody(
    `Expected ${what} to be ${expected}, got ${value === undefined ? 'nothing' : 'something else'}.`,
  );
}

function badBody(message: string, cause?: unknown): HttpError {
  return new HttpError('HTTP_BAD_BODY', message, { cause });
}
