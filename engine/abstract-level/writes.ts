import { type BatchWrite, VALUE_BYTES_MAX } from '../index.js';
import { LevelError } from './errors.js';
import { toEngineKey } from './keys.js';
import type { BatchOperation, SyncOption } from './options.js';

/**
 * Operations of abstract-level as writes of the engine. Keys and values that are too long for it are refused here, with
 * the codes that abstract-level has for them, before anything is written. The engine copies the bytes.
 */
export function engineWrite(operation: BatchOperation): BatchWrite {
  const key = toEngineKey(operation.key);
  return operation.type === 'put'
    ? { kind: 'put', key, value: toEngineValue(operation.value) }
    : { kind: 'delete', key };
}

/** The option for the engine, which takes no `undefined` for it. */
export function writeOptions({ sync }: SyncOption): { readonly sync?: boolean } {
  return sync === undefined ? {} : { sync };
}

/** The value, if the engine takes one that long. LEVEL_INVALID_VALUE. */
export function toEngineValue(value: Buffer): Uint8Array {
  if (value.length <= VALUE_BYTES_MAX) return value;
  throw new LevelError(
    'LEVEL_INVALID_VALUE',
    `Expected a value of at most ${VALUE_BYTES_MAX} bytes, got ${value.length} bytes; nothing was written.`,
  );
}
