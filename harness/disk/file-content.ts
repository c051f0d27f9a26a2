import type { Outcome } from './model.js';
import { CUT_PAGE_BYTES } from './remnants.js';
import type { DataChange } from './trace.js';

/**
 * What a file holds after some of its changes: each change with what is left of it, applied in order to the bytes
 * before. A write beyond the end leaves a hole of zeros. The fill of a write that arrived in part goes only where the
 * file grows; a part of an overwrite that did not arrive leaves the bytes as they were.
 */
export function applyDataChanges(before: Uint8Array, changes: readonly AppliedChange[]): Uint8Array {
  let bytes = before;
  for (const applied of changes) bytes = apply(bytes, applied);
  return bytes;
}

export interface AppliedChange {
  readonly change: DataChange;
  readonly outcome: Outcome;
  /** Bytes for a fill of this range of the file, for example what lay there before. */
  readonly fill: (fill: 'garbage' | 'stale', start: number, length: number) => Uint8Array;
}

function apply(bytes: Uint8Array, { change, outcome, fill }: AppliedChange): Uint8Array {
  if (outcome.kind === 'lost') return bytes;
  if (change.kind === 'truncate')
    return outcome.kind === 'remnant' ? cutPageZeroed(bytes, change.length) : resized(bytes, change.length);
  const { offset } = change;
  const end = offset + change.bytes.length;
  if (outcome.kind !== 'remnant') {
    const whole = resized(bytes, Math.max(bytes.length, end), true);
    whole.set(change.bytes, offset);
    return whole;
  }
  if (outcome.part === 'head' && outcome.at === change.bytes.length) return writtenWithin(bytes, change);
  const from = outcome.part === 'tail' ? outcome.at : 0;
  const to = outcome.part === 'head' ? outcome.at : outcome.part === 'tail' ? change.bytes.length : 0;
  const reach = outcome.fill === 'nothing' ? offset + to : end;
  if (outcome.part === 'none' && outcome.fill === 'nothing') return bytes;
  const whole = resized(bytes, Math.max(bytes.length, reach), true);
  if (outcome.fill === 'garbage' || outcome.fill === 'stale') {
    const start = Math.max(bytes.length, offset);
    if (start < end) whole.set(fill(outcome.fill, start, end - start), start);
  }
  whole.set(change.bytes.subarray(from, to), offset + from);
  return whole;
}

/** Only the page in which the write begins, and without growing. */
function writtenWithin(
  bytes: Uint8Array,
  change: Extract<DataChange, { readonly kind: 'write' }>,
): Uint8Array {
  const { offset } = change;
  const end = Math.min(bytes.length, (Math.floor(offset / CUT_PAGE_BYTES) + 1) * CUT_PAGE_BYTES);
  if (offset >= end) return bytes;
  const result = resized(bytes, bytes.length, true);
  result.set(change.bytes.subarray(0, end - offset), offset);
  return result;
}

function cutPageZeroed(bytes: Uint8Array, length: number): Uint8Array {
  const end = Math.min(bytes.length, Math.ceil(length / CUT_PAGE_BYTES) * CUT_PAGE_BYTES);
  return length < end ? resized(bytes, bytes.length, true).fill(0, length, end) : bytes;
}

/** `copied`: a copy even if the size is right, so that it may be written to. */
function resized(bytes: Uint8Array, length: number, copied = false): Uint8Array {
  if (bytes.length === length && !copied) return bytes;
  const result = new Uint8Array(length);
  result.set(bytes.length > length ? bytes.subarray(0, length) : bytes);
  return result;
}
