import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaultError } from './fault-error.js';
import { formatSyncFault, parseSyncFault, SYNC_LABELS, type SyncFault } from './sync-fault.js';

test('what is printed parses back', () => {
  const fault: fc.Arbitrary<SyncFault> = fc.record({
    kind: fc.constant('io-error' as const),
    code: fc.constant('EIO' as const),
    label: fc.constantFrom(...SYNC_LABELS),
    occurrence: fc.integer({ min: 1, max: 999_999_999 }),
  });
  fc.assert(
    fc.property(fault, (one) => {
      expect(parseSyncFault(formatSyncFault(one))).toEqual(one);
    }),
  );
});

test.each([
  ['io-error EIO', 'unknown-fault', 'io-error EIO at <sync> #<n>'],
  ['io-error ENOSPC at wal/fsync #1', 'unknown-fault', 'io-error EIO at <sync> #<n>'],
  ['io-error EIO at wal/fsync #1 #2', 'unknown-fault', 'io-error EIO at <sync> #<n>'],
  ['io-error EIO at wal/append #1', 'unknown-step', 'a step that syncs'],
  ['io-error EIO at wal/fsinc #1', 'unknown-step', 'did you mean wal/fsync'],
  ['io-error EIO at wal/fsync #0', 'bad-number', 'at least 1'],
])('%s is refused, and the message says what was expected', (text, code, expected) => {
  expect(() => parseSyncFault(text)).toThrow(FaultError);
  expect(() => parseSyncFault(text)).toThrow(expected);
  expect(() => parseSyncFault(text)).toThrow(expect.objectContaining({ code }));
});
