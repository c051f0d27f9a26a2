import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/vfs/step.js';
import { canCut, FaultError, formatEnding, parseEnding, type Ending } from './ending.js';

const occurrence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const endings: fc.Arbitrary<Ending> = fc.oneof(
  fc.constant<Ending>({ kind: 'close' }),
  fc.constant<Ending>({ kind: 'kill-idle' }),
  fc.record({
    kind: fc.constant('kill-after-ms' as const),
    afterMs: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('kill-at-step' as const),
    moment: fc.constantFrom('before' as const, 'after' as const),
    label: fc.constantFrom(...STEP_LABELS),
    occurrence,
  }),
  fc.record({
    kind: fc.constant('kill-at-step' as const),
    moment: fc.constant('inside' as const),
    label: fc.constantFrom(...STEP_LABELS.filter(canCut)),
    occurrence,
    bytes: fc.maxSafeNat(),
  }),
);

test('every ending is read back from its text', () => {
  fc.assert(
    fc.property(endings, (ending) => {
      expect(parseEnding(formatEnding(ending))).toEqual(ending);
    }),
  );
});

test('the five forms read as they are documented', () => {
  const label = 'manifest/rename';
  expect(parseEnding('close')).toEqual({ kind: 'close' });
  expect(parseEnding('kill idle')).toEqual({ kind: 'kill-idle' });
  expect(parseEnding('kill at 12.5ms')).toEqual({ kind: 'kill-after-ms', afterMs: 12.5 });
  expect(parseEnding('kill before manifest/rename #2')).toEqual({
    kind: 'kill-at-step',
    moment: 'before',
    label,
    occurrence: 2,
  });
  expect(formatEnding({ kind: 'kill-at-step', moment: 'after', label, occurrence: 1 })).toBe(
    'kill after manifest/rename #1',
  );
  expect(parseEnding('kill inside wal/append #17 @5')).toEqual({
    kind: 'kill-at-step',
    moment: 'inside',
    label: 'wal/append',
    occurrence: 17,
    bytes: 5,
  });
});

test('only the steps that write can be cut', () => {
  expect(STEP_LABELS.filter(canCut)).toEqual([
    'recovery/bloom.write',
    'wal/header',
    'wal/append',
    'prepare/wal.write',
    'flush/sst.write',
    'flush/bloom.write',
    'compaction/sst.write',
    'compaction/bloom.write',
    'deep-compaction/sst.write',
    'deep-compaction/bloom.write',
    'tiered-compaction/sst.write',
    'tiered-compaction/bloom.write',
    'manifest/tmp.write',
  ]);
});

test.each([
  ['', 'unknown-fault'],
  ['Close', 'unknown-fault'],
  ['kill', 'unknown-fault'],
  ['kill  idle', 'unknown-fault'],
  ['kill idle\n', 'unknown-fault'],
  ['kill at 5', 'unknown-fault'],
  ['kill during wal/append #1', 'unknown-fault'],
  ['kill before wal/append', 'unknown-fault'],
  ['kill before wal/append #1 @5', 'unknown-fault'],
  ['kill inside wal/append #1', 'unknown-fault'],
  ['kill before wal/apend #1', 'unknown-step'],
  ['kill before get/sst.read #1', 'unknown-step'],
  ['kill inside manifest/rename #1 @5', 'unknown-step'],
  ['kill at -1ms', 'bad-number'],
  ['kill at 0x10ms', 'bad-number'],
  ['kill at 3600000.5ms', 'bad-number'],
  ['kill at 1e9ms', 'bad-number'],
  ['kill before wal/append #0', 'bad-number'],
  ['kill before wal/append #1.5', 'bad-number'],
  ['kill before wal/append #9007199254740993', 'bad-number'],
  ['kill inside wal/append #1 @-1', 'bad-number'],
])('%j is refused as %s', (text, code) => {
  expect(() => parseEnding(text)).toThrow(expect.objectContaining({ name: 'FaultError', code }));
});

test('a typo in a step is answered with the nearest step', () => {
  expect(() => parseEnding('kill after manifest/renam #2')).toThrow(
    'Expected a step, got "manifest/renam" in "kill after manifest/renam #2"; did you mean manifest/rename?',
  );
  expect(() => parseEnding('kill inside wal/apend #2 @1')).toThrow('did you mean wal/append?');
});

test('a very long text is cut in the message', () => {
  try {
    parseEnding('x'.repeat(1_000_000));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(FaultError);
    expect((error as FaultError).message.length).toBeLessThan(300);
  }
});
