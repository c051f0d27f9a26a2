import type { KeyBounds } from '../index.js';

/**
 * Ranges as people ask for them: from a key (included) to a key (excluded), and only what begins with a prefix. The
 * engine knows no prefixes; all keys that begin with one lie between it and the first key behind them.
 */
export type KeyRange = Pick<KeyBounds, 'gte' | 'lt'>;

/** The narrowest range that all of what is given allows. */
export function keyRange({ from, to, prefix }: AskedRange): KeyRange {
  const end = prefix === undefined ? undefined : endOfPrefix(prefix);
  const gte = [from, prefix].filter(isGiven).sort(byBytes).at(-1);
  const lt = [to, end].filter(isGiven).sort(byBytes).at(0);
  return { ...(gte === undefined ? {} : { gte }), ...(lt === undefined ? {} : { lt }) };
}

export interface AskedRange {
  readonly from?: Uint8Array | undefined;
  readonly to?: Uint8Array | undefined;
  readonly prefix?: Uint8Array | undefined;
}

/** The first key behind all that begin with `prefix`; undefined if there is none, as for a prefix of FF bytes only. */
function endOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  const end = new Uint8Array(prefix.subarray(0, length));
  const last = end[length - 1];
  if (last === undefined) return undefined;
  end[length - 1] = last + 1;
  return end;
}

function byBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

function isGiven(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined;
}
