import type { BatchWrite } from '../arguments.js';
import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../options.js';
import type { Pair } from '../scan.js';
import { base64 } from './byte-text.js';

/**
 * The lines of `dump` and `load`: `{"key":"Y2F0","value":"bmluZQ=="}`, and in what is loaded also
 * `{"key":"Y2F0","delete":true}`. Keys and values are base64 as in RFC 4648, section 4, with its padding. Anything else
 * is refused, an unknown field too: it is most likely a misspelt one.
 */
export function pairLine([key, value]: Pair): string {
  return `{"key":"${base64(key)}","value":"${base64(value)}"}`;
}

/** The write that a line asks for, or in words what was expected and what came. */
export function parsePairLine(line: string): BatchWrite | string {
  const fields = parseObject(line);
  if (typeof fields === 'string') return fields;
  const { key: keyText, value: valueText, delete: deleted, ...unknown } = fields;
  const [unknownName] = Object.keys(unknown);
  if (unknownName !== undefined)
    return `expected key and value, or key and delete, got ${shown(unknownName)}`;
  const key = parseBase64('key', keyText, 1, KEY_BYTES_MAX);
  if (typeof key === 'string') return key;
  if (deleted !== undefined) {
    if (deleted !== true) return `expected delete to be true, got ${shown(deleted)}`;
    if (valueText !== undefined) return 'expected either value or delete, got both';
    return { kind: 'delete', key };
  }
  const value = parseBase64('value', valueText, 0, VALUE_BYTES_MAX);
  return typeof value === 'string' ? value : { kind: 'put', key, value };
}

/** Longer than any line that `parsePairLine` takes, unless somebody pads it with spaces. */
export const LINE_BYTES_MAX = Math.ceil(((KEY_BYTES_MAX + VALUE_BYTES_MAX) * 4) / 3) + 1_024;

/** The bytes of a base64 text; undefined if it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Node skips what is not base64; only what it writes again in the same way was all base64.
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}

function parseObject(line: string): Record<string, unknown> | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return `expected a JSON object, got ${shown(line)}`;
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  return `expected a JSON object, got ${shown(parsed)}`;
}

function parseBase64(name: string, text: unknown, bytesMin: number, bytesMax: number): Uint8Array | string {
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (bytes === undefined) return `expected ${name} to be base64, got ${shown(text)}`;
  if (bytes.length >= bytesMin && bytes.length <= bytesMax) return bytes;
  return `expected ${name} to have ${bytesMin} to ${bytesMax} bytes, got ${bytes.length}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
