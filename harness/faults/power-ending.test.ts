import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { MODEL_NAMES, type Outcome } from '../disk/model.js';
import { parseEnding } from './ending.js';
import { FaultError } from './fault-error.js';
import { formatPowerEnding, type LostStep, parsePowerEnding, type PowerEnding } from './power-ending.js';

const label = fc.constantFrom(...STEP_LABELS);
const occurrence = fc.integer({ min: 1, max: 999_999_999 });
const fill = fc.constantFrom('zeros' as const, 'garbage' as const, 'stale' as const);
const outcome: fc.Arbitrary<Exclude<Outcome, { kind: 'kept' }>> = fc.oneof(
  fc.constantFrom({ kind: 'lost' as const }, { kind: 'linked' as const }),
  fill.map((one) => ({ kind: 'remnant' as const, part: 'none' as const, at: 0, fill: one })),
  fc.record({
    kind: fc.constant('remnant' as const),
    part: fc.constantFrom('head' as const, 'tail' as const),
    at: fc.integer({ min: 1, max: 2 ** 31 }),
    fill: fc.oneof(fc.constant('nothing' as const), fill),
  }),
);
const lostStep: fc.Arbitrary<LostStep> = fc
  .tuple(fc.option(fc.nat({ max: 999_999 })), label, occurrence, outcome)
  .map(([life, step, number, what]) => ({
    name: `${life === null ? '' : `${life}:`}${step}#${number}`,
    outcome: what,
  }));
const powerEnding: fc.Arbitrary<PowerEnding> = fc.record({
  kind: fc.constant('power' as const),
  model: fc.constantFrom(...MODEL_NAMES),
  at: fc.oneof(
    fc.constant({ kind: 'idle' as const }),
    fc.record({ kind: fc.constantFrom('before' as const, 'after' as const), label, occurrence }),
  ),
  lost: fc.array(lostStep, { maxLength: 6 }),
});

test('what is printed parses back, alone and as the ending of a life', () => {
  fc.assert(
    fc.property(powerEnding, (ending) => {
      expect(parsePowerEnding(formatPowerEnding(ending))).toEqual(ending);
      expect(parseEnding(formatPowerEnding(ending))).toEqual(ending);
    }),
  );
});

test('the texts of the prose are read as the prose says', () => {
  expect(parsePowerEnding('power posix after manifest/rename #2')).toEqual({
    kind: 'power',
    model: 'posix',
    at: { kind: 'after', label: 'manifest/rename', occurrence: 2 },
    lost: [],
  });
  expect(
    parsePowerEnding(
      'power ext4 before wal/append #17 lose flush/sst.create#1 0:wal/append#3=head@512+zeros wal/append#4=stale',
    ).lost,
  ).toEqual([
    { name: 'flush/sst.create#1', outcome: { kind: 'lost' } },
    { name: '0:wal/append#3', outcome: { kind: 'remnant', part: 'head', at: 512, fill: 'zeros' } },
    { name: 'wal/append#4', outcome: { kind: 'remnant', part: 'none', at: 0, fill: 'stale' } },
  ]);
  expect(parsePowerEnding('power btrfs idle lose manifest/rename#1=linked').lost).toEqual([
    { name: 'manifest/rename#1', outcome: { kind: 'linked' } },
  ]);
  expect(parsePowerEnding('power xfs idle').at).toEqual({ kind: 'idle' });
});

test.each([
  ['power posix', 'unknown-fault', 'power <model> idle'],
  ['power posix idle lose', 'unknown-fault', 'power <model> idle'],
  ['power posix idle lose  wal/append#1', 'unknown-fault', 'power <model> idle'],
  ['power posix during wal/append #1', 'unknown-fault', 'before|after'],
  ['power posix before wal/append #x', 'unknown-fault', 'before|after'],
  ['power posix before wal/append #1 @5', 'unknown-fault', 'before|after'],
  ['power ntfs idle', 'unknown-fault', 'posix, ext4, ext4-writeback, xfs, btrfs'],
  ['power posix before wal/apend #1', 'unknown-step', 'did you mean wal/append'],
  ['power posix before wal/append #0', 'bad-number', 'at least 1'],
  ['power posix idle lose wal/append', 'unknown-fault', 'wal/append#3'],
  ['power posix idle lose wal/append#0', 'unknown-fault', 'wal/append#3'],
  ['power posix idle lose x:wal/append#1', 'unknown-fault', 'wal/append#3'],
  ['power posix idle lose wal/apend#1', 'unknown-step', 'did you mean wal/append'],
  ['power posix idle lose wal/append#1=', 'unknown-fault', 'wal/append#3'],
  ['power posix idle lose wal/append#1=nothing', 'unknown-fault', 'zeros, garbage, stale'],
  ['power posix idle lose wal/append#1=head@0', 'unknown-fault', 'head@<bytes>'],
  ['power posix idle lose wal/append#1=head@5+nothing', 'unknown-fault', '+<fill>'],
  ['power posix idle lose wal/append#1=head@5+zeros+stale', 'unknown-fault', '+<fill>'],
  ['power posix idle lose wal/append#1=zeros+zeros', 'unknown-fault', '+<fill>'],
])('%s is refused, and the message says what was expected', (text, code, expected) => {
  const error = errorOf(() => parsePowerEnding(text));
  expect(error).toMatchObject({ name: 'FaultError', code });
  expect(error.message).toMatch(/^Expected /);
  expect(error.message).toContain(expected);
});

test('a text with ten thousand and one lost steps is refused, without being repeated whole', () => {
  const text = `power posix idle lose ${Array.from({ length: 10_001 }, (_, index) => `wal/append#${index + 1}`).join(' ')}`;
  const error = errorOf(() => parsePowerEnding(text));
  expect(error.code).toBe('bad-number');
  expect(error.message.length).toBeLessThan(300);
});

function errorOf(run: () => unknown): FaultError {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultError) return error;
    throw error;
  }
  throw new Error('Expected a FaultError, nothing was thrown.');
}
