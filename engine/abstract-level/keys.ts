import { KEY_BYTES_MAX, type KeyBounds } from '../index.js';
import { LevelError } from './errors.js';

/**
 * Keys of abstract-level as keys of the engine. abstract-level has an empty key, the engine has not, so keys that
 * consist of n zero bytes (the empty key is that of none) are stored as n + 1 zero bytes. All other keys, that is all
 * that hold a byte which is not zero, are stored as they are:
 *
 *     ''  -> 00        00    -> 00 00      00 00 -> 00 00 00
 *     'a' -> 61        00 61 -> 00 61      61 00 -> 61 00
 *
 * The order stays: a key of zeros sorts before every key that is none, however long it is, and among themselves they
 * sort by length. No two keys meet: the first kind moves up by one within its kind. Every key of the engine has one of
 * abstract-level, so a database that was written by the engine itself can be read here, and the other way round.
 *
 * The price is one look at the first byte of a key, and that the longest key of zeros has one byte less.
 */
export function toEngineKey(key: Buffer): Uint8Array {
  const stored = storedKey(key);
  if (stored.length <= KEY_BYTES_MAX) return stored;
  throw new LevelError(
    'LEVEL_INVALID_KEY',
    `Expected a key of at most ${KEY_BYTES_MAX} bytes, got ${key.length} bytes; nothing was read or written.`,
  );
}

/** The key that was stored as `stored`; a view of the same bytes. */
export function fromEngineKey(stored: Uint8Array): Buffer {
  return asBuffer(isZeros(stored) ? stored.subarray(1) : stored);
}

/** The least key of the engine above `stored`; for one of the longest keys, above which no bound is so near, itself. */
export function afterEngineKey(stored: Uint8Array): Uint8Array {
  if (stored.length === KEY_BYTES_MAX) return stored;
  const after = new Uint8Array(stored.length + 1);
  after.set(stored);
  return after;
}

/** A view of the same bytes. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Range options in the form in which abstract-level hands them on. */
export interface Range {
  readonly gte?: Buffer | undefined;
  readonly gt?: Buffer | undefined;
  readonly lte?: Buffer | undefined;
  readonly lt?: Buffer | undefined;
}

/**
 * The range for the engine. Of `gte` and `gt` the first counts, even if it is the wider one; so it is with `lte` and
 * `lt`. A bound may be longer than any key: no key equals it, so it is cut, and what equals the rest lies below it.
 */
export function toEngineBounds({ gte, gt, lte, lt }: Range): KeyBounds {
  return { ...lowerBound(gte, gt), ...upperBound(lte, lt) };
}

/** True if no key of the range can be at `target`; `seek` finds nothing then, whatever lies behind. */
export function isOutside(target: Buffer, { gte, gt, lte, lt }: Range): boolean {
  const below = gte === undefined ? gt !== undefined && target.compare(gt) <= 0 : target.compare(gte) < 0;
  const above = lte === undefined ? lt !== undefined && target.compare(lt) >= 0 : target.compare(lte) > 0;
  return below || above;
}

function lowerBound(gte: Buffer | undefined, gt: Buffer | undefined): KeyBounds {
  const bound = gte ?? gt;
  if (bound === undefined) return {};
  const stored = storedKey(bound);
  if (stored.length > KEY_BYTES_MAX) return { gt: stored.subarray(0, KEY_BYTES_MAX) };
  return gte === undefined ? { gt: stored } : { gte: stored };
}

function upperBound(lte: Buffer | undefined, lt: Buffer | undefined): KeyBounds {
  const bound = lte ?? lt;
  if (bound === undefined) return {};
  const stored = storedKey(bound);
  if (stored.length > KEY_BYTES_MAX) return { lte: stored.subarray(0, KEY_BYTES_MAX) };
  return lte === undefined ? { lt: stored } : { lte: stored };
}

function storedKey(key: Buffer): Uint8Array {
  return isZeros(key) ? new Uint8Array(key.length + 1) : key;
}

/** True for no bytes at all, too. */
function isZeros(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== 0) return false;
  }
  return true;
}
