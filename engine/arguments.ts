import { isUint8Array } from 'node:util/types';
import { ByteArena, IN_HEAP_BYTES_MAX } from './bytes/arena.js';
import { EngineError } from './errors.js';
import { BATCH_BYTES_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX } from './options.js';
import type { WalWrite } from './wal/record.js';

/**
 * Checks what callers hand in. Everything here throws ENGINE_INVALID_ARGUMENT before anything has been written or
 * read, and says what was expected and what came. Bytes that are used after the call has returned are copied: the caller
 * may use its buffers again.
 *
 * At run time nothing holds a caller to the types, so these are looked at, too. Bytes are a Uint8Array of any realm, a
 * Buffer or another subclass, over memory that is still there; how many there are says the platform, not a property that
 * somebody may have changed. Every property is read once.
 */
export type BatchWrite =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly key: Uint8Array };

/** Bounds of a range of keys; of `gte` and `gt`, and of `lte` and `lt`, the narrower one counts. */
export interface KeyBounds {
  /** First key, included. */
  readonly gte?: Uint8Array;
  /** First key, excluded. */
  readonly gt?: Uint8Array;
  /** Last key, included. */
  readonly lte?: Uint8Array;
  /** Last key, excluded. */
  readonly lt?: Uint8Array;
}

/** A range as the engine uses it inside: from `from` (included) to `before` (excluded); undefined is open. */
export interface KeyRange {
  readonly from: Uint8Array | undefined;
  readonly before: Uint8Array | undefined;
}

/** The key of a read: perhaps the caller's own bytes, so good for this call only. */
export function checkedKey(key: unknown): Uint8Array {
  const length = lengthOf(key);
  if (length >= 1 && length <= KEY_BYTES_MAX && isPlain(key)) return key as Uint8Array;
  return copiedBytes(key, 1, KEY_BYTES_MAX, KEY_EXPECTED);
}

export function checkedKeys(keys: unknown): readonly Uint8Array[] {
  return itemsOf(keys, 'an array of keys').map(checkedKey);
}

/** A write as the log takes it, with bytes that the caller cannot change any more. */
export function checkedPut(key: unknown, value: unknown): WalWrite {
  const copiedKey = copiedBytes(key, 1, KEY_BYTES_MAX, KEY_EXPECTED);
  return { kind: 'value', key: copiedKey, value: copiedBytes(value, 0, VALUE_BYTES_MAX, VALUE_EXPECTED) };
}

export function checkedDelete(key: unknown): WalWrite {
  return { kind: 'tombstone', key: copiedBytes(key, 1, KEY_BYTES_MAX, KEY_EXPECTED) };
}

/** The writes of a batch; together they must fit into one record of the WAL. */
export function checkedBatch(batch: unknown): readonly WalWrite[] {
  let bytes = 0;
  return itemsOf(batch, 'an array of writes').map((item) => {
    const write = checkedWrite(item);
    bytes += write.key.length + (write.kind === 'value' ? write.value.length : 0);
    if (bytes <= BATCH_BYTES_MAX) return write;
    throw invalid(`Expected a batch of at most ${BATCH_BYTES_MAX} bytes of keys and values`, bytes);
  });
}

/** The bounds as one range. An empty bound is before every key. */
export function checkedRange(bounds: unknown): KeyRange {
  const [gte, gt, lte, lt] = (['gte', 'gt', 'lte', 'lt'] as const).map((name) => {
    const bound = propertyOf(bounds, name, OPTIONS_EXPECTED);
    return bound === undefined ? undefined : copiedBytes(bound, 0, KEY_BYTES_MAX, BOUND_EXPECTED);
  });
  return {
    from: later(gte, gt === undefined ? undefined : successorOf(gt)),
    before: earlier(lt, lte === undefined ? undefined : successorOf(lte)),
  };
}

/** A number of pairs: whole, 0 or more, or Infinity, which is also the default. */
export function checkedLimit(limit: unknown = Infinity): number {
  if (isCount(limit, 0)) return limit;
  throw invalid('Expected a limit that is a whole number from 0, or Infinity', limit);
}

/** As many pairs as somebody wants at once: whole, 1 or more, or Infinity. */
export function checkedCount(count: unknown): number {
  if (isCount(count, 1)) return count;
  throw invalid('Expected a count that is a whole number from 1, or Infinity', count);
}

/** An option that is true or false; `otherwise` if it was not given. */
export function checkedFlag(options: unknown, name: string, otherwise: boolean): boolean {
  const flag = checkedOption(options, name);
  if (flag === undefined || typeof flag === 'boolean') return flag ?? otherwise;
  throw invalid(`Expected ${name} to be true or false`, flag);
}

/** An option of a call, whatever it is. */
export function checkedOption(options: unknown, name: string): unknown {
  return propertyOf(options, name, OPTIONS_EXPECTED);
}

function checkedWrite(write: unknown): WalWrite {
  const kind = propertyOf(write, 'kind', WRITE_EXPECTED);
  const key = propertyOf(write, 'key', WRITE_EXPECTED);
  if (kind === 'delete') return checkedDelete(key);
  if (kind === 'put') return checkedPut(key, propertyOf(write, 'value', WRITE_EXPECTED));
  throw invalid(WRITE_EXPECTED, kind);
}

function propertyOf(given: unknown, name: string, expected: string): unknown {
  if (typeof given !== 'object' || given === null) throw invalid(expected, given);
  try {
    return (given as Record<string, unknown>)[name];
  } catch (cause) {
    throw invalid(expected, 'an object that cannot be read', cause);
  }
}

function itemsOf(given: unknown, expected: string): readonly unknown[] {
  try {
    // By index, so that a hole is an item, too.
    if (Array.isArray(given))
      return Array.from({ length: given.length }, (_, index): unknown => given[index]);
  } catch (cause) {
    throw invalid(`Expected ${expected}`, 'an array that cannot be read', cause);
  }
  throw invalid(`Expected ${expected}`, given);
}

const OPTIONS_EXPECTED = 'Expected an object with options, or nothing';
const WRITE_EXPECTED = "Expected a write of the kind 'put' or 'delete'";
const KEY_EXPECTED = `Expected a key of 1 to ${KEY_BYTES_MAX} bytes`;
const VALUE_EXPECTED = `Expected a value of 0 to ${VALUE_BYTES_MAX} bytes`;
const BOUND_EXPECTED = `Expected a bound of at most ${KEY_BYTES_MAX} bytes`;

/** Never `slice`: that of a Buffer gives a view. */
function copiedBytes(bytes: unknown, lengthMin: number, lengthMax: number, expected: string): Uint8Array {
  const length = lengthOf(bytes);
  if (!(length >= lengthMin && length <= lengthMax)) throw invalid(expected, bytes);
  try {
    if (length <= IN_HEAP_BYTES_MAX) return new Uint8Array(bytes as Uint8Array);
    const copy = ARENA.take(length);
    copy.set(bytes as Uint8Array);
    return copy;
  } catch (cause) {
    // Its length is 0, as that of an empty value.
    throw invalid(expected, 'bytes whose buffer was detached', cause);
  }
}

/** Most of what is copied goes into a memtable, so that neighbours in a chunk also go together. */
const ARENA = new ByteArena();

/** NaN if it is no Uint8Array, which a proxy for one is not. */
function lengthOf(bytes: unknown): number {
  return isUint8Array(bytes) ? Number(Reflect.get(TYPED_ARRAY, 'length', bytes)) : NaN;
}

/** A copy of any other says the truth about itself, too. */
function isPlain(key: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(key);
  return prototype === Uint8Array.prototype || prototype === Buffer.prototype;
}

/** What all typed arrays inherit from; its `length` is the platform's own. */
const TYPED_ARRAY: object = Reflect.getPrototypeOf(Uint8Array.prototype) ?? Uint8Array.prototype;

function isCount(count: unknown, min: number): count is number {
  return typeof count === 'number' && count >= min && (Number.isInteger(count) || count === Infinity);
}

/** The smallest byte string after `key`: nothing lies between a key and the same key with a zero behind it. */
function successorOf(key: Uint8Array): Uint8Array {
  const successor = new Uint8Array(key.length + 1);
  successor.set(key);
  return successor;
}

function later(left: Uint8Array | undefined, right: Uint8Array | undefined): Uint8Array | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Buffer.compare(left, right) >= 0 ? left : right;
}

function earlier(left: Uint8Array | undefined, right: Uint8Array | undefined): Uint8Array | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Buffer.compare(left, right) <= 0 ? left : right;
}

function invalid(expected: string, got: unknown, cause?: unknown): EngineError {
  const what = cause === undefined ? describe(got) : String(got);
  return new EngineError('ENGINE_INVALID_ARGUMENT', `${expected}, got ${what}; nothing was written.`, {
    cause,
  });
}

function describe(got: unknown): string {
  if (isUint8Array(got)) return `${lengthOf(got)} bytes`;
  if (typeof got === 'string') return JSON.stringify(got.slice(0, 40));
  if (got === null) return 'null';
  return typeof got === 'number' ? String(got) : typeof got;
}
