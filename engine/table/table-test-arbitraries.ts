import fc from 'fast-check';
import { compareEntries, type Entry } from '../entry.js';
import { EngineError } from '../errors.js';
import type { EngineOptions } from '../options.js';

/**
 * For tests only: generators of what tables hold. Keys come from few bytes, so that one key has several versions
 * and neighbours share prefixes; blocks are tiny, so that a few entries fill several.
 */
export const arbitraryKey: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .array(fc.constantFrom(0, 97, 98, 255), { minLength: 1, maxLength: 3 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
);

const arbitraryWrite = fc.record({
  key: arbitraryKey,
  value: fc.option(fc.uint8Array({ maxLength: 40 }), { freq: 4, nil: undefined }),
});

/** 1 to 60 entries in the order in which they were written, sequence numbers 1 to 60. */
export const arbitraryWrites: fc.Arbitrary<Entry[]> = fc
  .array(arbitraryWrite, { minLength: 1, maxLength: 60 })
  .map((writes) =>
    writes.map(({ key, value }, index): Entry => {
      const kind = value === undefined ? 'tombstone' : 'value';
      return { key, sequence: index + 1, kind, value: value ?? new Uint8Array(0) };
    }),
  );

/** The same in the order of `compareEntries`. */
export const arbitraryEntries: fc.Arbitrary<Entry[]> = arbitraryWrites.map((writes) =>
  writes.sort(compareEntries),
);

/** Options that make many small blocks, or one; with a cache, with a tight one, or with none. */
export const arbitraryOptions: fc.Arbitrary<Partial<EngineOptions>> = fc.record({
  blockBytes: fc.constantFrom(64, 128, 4_096),
  restartInterval: fc.constantFrom(1, 2, 3, 16),
  blockCacheBytes: fc.constantFrom(0, 200, 100_000),
  compression: fc.constantFrom('none' as const, 'deflate' as const),
  bloomKind: fc.constantFrom('standard' as const, 'blocked' as const),
});

/** What `read` gives, or undefined if it reports damage. Any other error is passed on and so fails the test. */
export function unlessCorrupt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_CORRUPT') return undefined;
    throw error;
  }
}
