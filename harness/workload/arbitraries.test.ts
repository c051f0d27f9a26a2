import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { encodeCaseFile } from '../run/case-file.js';
import { caseArbitrary, KEYS } from './arbitraries.js';
import type { CrashCase } from './case.js';
import { keysOf } from './case-facts.js';
import { writesOf } from './operation.js';
import { TINY_OPTIONS } from './workload.js';

const WORKLOAD = { options: TINY_OPTIONS, keysMax: 10, operationsMax: 30, livesMax: 4 };
const cases = caseArbitrary('by-hand', 'lsm', WORKLOAD, killAtStepArbitrary(STEP_LABELS));

test('every case keeps within its workload', () => {
  fc.assert(
    fc.property(cases, (crashCase) => {
      expect(crashCase.lives.length).toBeGreaterThanOrEqual(1);
      expect(crashCase.lives.length).toBeLessThanOrEqual(WORKLOAD.livesMax);
      for (const life of crashCase.lives) expect(life.operations.length).toBeLessThanOrEqual(30);
      expect(KEYS.slice(0, WORKLOAD.keysMax)).toEqual(expect.arrayContaining([...keysOf(crashCase)]));
      expect(crashCase.options).toMatchObject(TINY_OPTIONS);
    }),
  );
});

test('no two writes of a case write the same value, and a batch writes a key once', () => {
  fc.assert(
    fc.property(cases, (crashCase) => {
      const batches = operationsOf(crashCase).map(writesOf);
      const values = batches.flat().flatMap((write) => (write.kind === 'put' ? [write.value] : []));
      expect(new Set(values).size).toBe(values.length);
      for (const writes of batches) expect(new Set(writes.map(({ key }) => key)).size).toBe(writes.length);
    }),
  );
});

test('every case can be saved', () => {
  fc.assert(
    fc.property(cases, (crashCase) => {
      const saved = {
        format: 'ninelives/case' as const,
        version: 1 as const,
        case: crashCase,
        expected: 'held' as const,
        violations: [],
        build: 'x',
        foundBy: { seed: 1, command: 'x' },
      };
      expect((JSON.parse(encodeCaseFile(saved)) as typeof saved).case).toEqual(crashCase);
    }),
  );
});

test('all kinds of operations come, also overlapping ones and ones with turns', () => {
  const sample = fc.sample(cases, { numRuns: 200, seed: 1 });
  const kinds = new Set(sample.flatMap((crashCase) => operationsOf(crashCase).map(({ kind }) => kind)));
  const expected = ['batch', 'compact', 'delete', 'flush', 'get', 'get-many', 'open-again', 'put'];
  expect([...kinds].sort()).toEqual([...expected, 'release', 'scan', 'snapshot', 'sync']);
  const all = sample.flatMap((crashCase) => operationsOf(crashCase));
  const fields = ['gte', 'gt', 'lte', 'lt', 'reverse', 'limit', 'snapshot'];
  const scans = all.filter(({ kind }) => kind === 'scan');
  expect(fields.filter((field) => !scans.some((scan) => field in scan))).toEqual([]);
  expect(all.some((operation) => operation.kind === 'compact' && operation.gte !== undefined)).toBe(true);
  const scheduled = sample.flatMap((crashCase) => crashCase.lives.flatMap((life) => life.operations));
  expect(scheduled.some(({ overlap }) => overlap === true)).toBe(true);
  expect(scheduled.some(({ turns }) => (turns?.length ?? 0) > 1)).toBe(true);
  // Long lives are likely: without them nothing is ever flushed twice.
  expect(
    sample.filter(({ lives }) => lives.some((life) => life.operations.length > 20)).length,
  ).toBeGreaterThan(40);
});

// An engine that took an empty value for a delete once held: no case had ever written one.
test('an empty value comes often, once in a case', () => {
  const sample = fc.sample(cases, { numRuns: 200, seed: 1 });
  const empty = sample.map(
    (crashCase) =>
      operationsOf(crashCase)
        .flatMap(writesOf)
        .filter((write) => write.kind === 'put' && write.value === '').length,
  );
  expect(Math.max(...empty)).toBe(1);
  expect(empty.filter((count) => count === 1).length).toBeGreaterThan(40);
});

test('the keys are unique and each fits one byte a character', () => {
  expect(new Set(KEYS).size).toBe(KEYS.length);
  for (const key of KEYS) expect(Buffer.from(key, 'latin1').toString('latin1')).toBe(key);
});

function operationsOf(crashCase: CrashCase) {
  return crashCase.lives.flatMap((life) => life.operations.map(({ operation }) => operation));
}
