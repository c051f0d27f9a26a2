import { EngineError } from './errors.js';
import { BATCH_BYTES_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX } from './options.js';
import type { WalWrite } from './wal/record.js';

/**
 * Checks what callers hand in. Everything here throws ENGINE_INVALID_ARGUMENT before anything has been written or
 * read, and says what was expected and what came. Keys and values of writes are copied: the caller may use its
 * buffers again as soon as the call has returned.
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

export function checkKey(key: Uint8Array): void {
  if (key instanceof Uint8Array && key.length >= 1 && key.length <= KEY_BYTES_MAX) return;
  throw invalid(`Expected a key of 1 to ${KEY_BYTES_MAX} bytes`, key);
}

/** The write as the log takes it, with bytes that the caller cannot change any more. */
export function checkedWrite(write: BatchWrite): WalWrite {
  checkKey(write.key);
  const key = copyOf(write.key);
  switch (write.kind) {
    case 'delete':
      return { kind: 'tombstone', key };
    case 'put':
      if (write.value instanceof Uint8Array && write.value.length <= VALUE_BYTES_MAX) {
        return { kind: 'value', key, value: copyOf(write.value) };
      }
      throw invalid(`Expected a value of 0 to ${VALUE_BYTES_MAX} bytes`, write.value);
    default:
      throw invalid("Expected a write of the kind 'put' or 'delete'", (write as { kind: unknown }).kind);
  }
}

/** The writes of a batch; together they must fit into one record of the WAL. */
export function checkedBatch(batch: readonly BatchWrite[]): readonly WalWrite[] {
  const writes = batch.map(checkedWrite);
  let bytes = 0;
  for (const write of writes) bytes += write.key.length + (write.kind === 'value' ? write.value.length : 0);
  if (bytes <= BATCH_BYTES_MAX) return writes;
  throw invalid(`Expected a batch of at most ${BATCH_BYTES_MAX} bytes of keys and values`, bytes);
}

/** The bounds as one range. An empty bound is before every key. */
export function checkedRange({ gte, gt, lte, lt }: KeyBounds): KeyRange {
  for (const bound of [gte, gt, lte, lt]) checkBound(bound);
  return {
    from: later(gte, gt === undefined ? undefined : successorOf(gt)),
    before: earlier(lt, lte === undefined ? undefined : successorOf(lte)),
  };
}

/** A number of pairs: whole, 0 or more, or Infinity, which is also the default. */
export function checkedLimit(limit = Infinity): number {
  if (limit === Infinity || (Number.isInteger(limit) && limit >= 0)) return limit;
  throw invalid('Expected a limit that is a whole number from 0, or Infinity', limit);
}

function checkBound(bound: Uint8Array | undefined): void {
  if (bound === undefined || (bound instanceof Uint8Array && bound.length <= KEY_BYTES_MAX)) return;
  throw invalid(`Expected a bound of at most ${KEY_BYTES_MAX} bytes`, bound);
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

/** Never `slice`: that of a Buffer gives a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function invalid(expected: string, got: unknown): EngineError {
  const what = got instanceof Uint8Array ? `${got.length} bytes` : describe(got);
  return new EngineError('ENGINE_INVALID_ARGUMENT', `${expected}, got ${what}; nothing was written.`);
}

function describe(got: unknown): string {
  if (typeof got === 'string') return JSON.stringify(got.slice(0, 40));
  return typeof got === 'number' ? String(got) : typeof got;
}
