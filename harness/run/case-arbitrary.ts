/**
 * Cases of every shape that the formats allow, for the round-trip properties of case files and tokens. They are
 * not workloads: values repeat and endings do not fit the operations.
 */
import fc from 'fast-check';
import { STEP_LABELS } from '../../engine/vfs/step.js';
import type { CrashCase } from '../workload/case.js';

/** Any well-formed case; its operations all have some kind, any bytes as keys and values, any options. */
export function arbitraryCase(): fc.Arbitrary<CrashCase> {
  return fc.record({
    format: fc.constant(1 as const),
    scenario: name,
    target: name,
    options: fc.dictionary(
      fc.stringMatching(/^[a-zA-Z]{1,12}$/),
      fc.oneof(fc.nat(), fc.boolean(), fc.string()),
    ),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    lives: fc.array(life, { minLength: 1, maxLength: 4 }),
  });
}

const name = fc.string({ minLength: 1, maxLength: 20 });
const bytes = (minLength: number) =>
  fc.uint8Array({ minLength, maxLength: 12 }).map((array) => Buffer.from(array).toString('latin1'));
const key = bytes(1);
const value = bytes(0);
const put = { kind: fc.constant('put' as const), key, value };
const remove = { kind: fc.constant('delete' as const), key };
const maybeSync = { sync: fc.boolean() };
const maybeThrough = { snapshot: fc.nat({ max: 9 }) };

const operation = fc.oneof(
  fc.record({ ...put, ...maybeSync }, { requiredKeys: ['kind', 'key', 'value'] }),
  fc.record({ ...remove, ...maybeSync }, { requiredKeys: ['kind', 'key'] }),
  fc.record(
    {
      kind: fc.constant('batch' as const),
      writes: fc.array(fc.oneof(fc.record(put), fc.record(remove)), { maxLength: 4 }),
      ...maybeSync,
    },
    { requiredKeys: ['kind', 'writes'] },
  ),
  fc.record({ kind: fc.constant('get' as const), key, ...maybeThrough }, { requiredKeys: ['kind', 'key'] }),
  fc.record(
    { kind: fc.constant('get-many' as const), keys: fc.array(key, { maxLength: 4 }), ...maybeThrough },
    { requiredKeys: ['kind', 'keys'] },
  ),
  fc.record(
    {
      kind: fc.constant('scan' as const),
      gte: value,
      gt: value,
      lte: value,
      lt: value,
      reverse: fc.boolean(),
      limit: fc.nat(),
      ...maybeThrough,
    },
    { requiredKeys: ['kind'] },
  ),
  fc.record({
    kind: fc.constantFrom('snapshot' as const, 'release' as const),
    snapshot: fc.nat({ max: 9 }),
  }),
  fc.record({ kind: fc.constant('compact' as const), gte: value, lt: value }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constantFrom('sync' as const, 'flush' as const, 'open-again' as const) }),
);

const end = fc.oneof(
  fc.constantFrom('close', 'kill idle', 'kill at 12.5ms', 'kill inside wal/append #3 @7'),
  fc
    .tuple(
      fc.constantFrom('before', 'after'),
      fc.constantFrom(...STEP_LABELS),
      fc.integer({ min: 1, max: 99 }),
    )
    .map(([moment, label, occurrence]) => `kill ${moment} ${label} #${occurrence}`),
);

const life = fc.record({
  operations: fc.array(
    fc.record(
      { operation, overlap: fc.boolean(), turns: fc.array(fc.nat({ max: 9 }), { maxLength: 3 }) },
      { requiredKeys: ['operation'] },
    ),
    { maxLength: 8 },
  ),
  end,
});
