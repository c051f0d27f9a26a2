import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { bruteForceLinearizable } from './checker-test-brute-force.js';
import { HistoryBuilder, batch, get, put } from './checker-test-history.js';
import { type LinearizationProblem, linearizable } from './linearizable.js';
import { livesOf } from './lives.js';
import { simulatedHistory } from './checker-test-simulation.js';
import { stretchesOf } from './stretch.js';

const SMALL = { lives: 2, operations: 6, keys: 2, inFlightMax: 4 };
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('agrees with the definition on legal histories', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      for (const problem of problemsOf(simulatedHistory(seed, SMALL))) {
        expect(bruteForceLinearizable(problem)).toBe(true);
        expect(linearizable(problem)).toBe('yes');
      }
    }),
    { numRuns: 1_500 },
  );
});

test('agrees with the definition on histories in which any answer or observation was replaced', () => {
  const count = { yes: 0, no: 0 };
  fc.assert(
    fc.property(anySeed, (seed) => {
      const random = stream(seed, 'damage');
      for (const problem of problemsOf(simulatedHistory(seed, SMALL))) {
        const damaged = damage(problem, random);
        const expected = bruteForceLinearizable(damaged) ? 'yes' : 'no';
        count[expected]++;
        expect(linearizable(damaged)).toBe(expected);
      }
    }),
    { numRuns: 5_000 },
  );
  // Both answers must be common, or the agreement proves little.
  expect(Math.min(count.yes, count.no)).toBeGreaterThan(1_000);
});

test('finds the order of sixteen overlapping writes that a later scan fixes', () => {
  const values = Array.from({ length: 16 }, (_, index) => `${index}`);
  const history = new HistoryBuilder().life();
  for (const value of values) history.invoke(batch({ a: value, b: `${value}b` }));
  for (const index of values.keys()) history.answer(index);
  const pairs = [
    ['a', '7'],
    ['b', '7b'],
  ] as const;
  history.ok({ kind: 'scan' }, { pairs });
  history.crash().life({ a: '7', b: '7b' });
  expect(problemsOf(history.events).map((problem) => linearizable(problem))).toEqual(['yes', 'yes', 'yes']);
});

test('decides thousands of operations with sixteen in flight', () => {
  const history = simulatedHistory(7, { lives: 1, operations: 8_000, keys: 16, inFlightMax: 16 });
  const problems = problemsOf(history);
  expect(problems.some(({ operations }) => operations.length > 2_000)).toBe(true);
  expect(problems.map((problem) => linearizable(problem))).toEqual(problems.map(() => 'yes'));
});

test('handles twenty thousand operations one after the other', () => {
  const history = new HistoryBuilder().life();
  for (let index = 0; index < 10_000; index++) {
    history.ok(put(`k${index % 5_000}`, `${index}`)).ok(get(`k${index % 5_000}`), { value: `${index}` });
  }
  expect(problemsOf(history.events).map((problem) => linearizable(problem))).toEqual(['yes', 'yes']);
});

test('answers unknown when it runs out of steps', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('a', '2')).ok(put('a', '3'));
  const [, problem] = problemsOf(history.events);
  expect(problem && linearizable(problem, 2)).toBe('unknown');
});

function problemsOf(history: readonly HistoryEvent[]): LinearizationProblem[] {
  return stretchesOf(livesOf(history)).map(({ base, operations, found, durable }) => {
    if (base === undefined) throw new Error('The observation contradicts itself.');
    return { base, operations, found: found?.state, durable };
  });
}

/** Replaces one answer, or the state that was found, by something that other operations could have left there. */
function damage(problem: LinearizationProblem, random: Random): LinearizationProblem {
  const anyValue = valuesOf(problem);
  const keys = ['k0', 'k1'];
  const anyState = (): Map<string, string> =>
    new Map(
      keys.flatMap((key) => {
        const value = random.pick(anyValue);
        return value === null ? [] : [[key, value] as const];
      }),
    );
  const readers = problem.operations.filter(
    ({ outcome, operation }) => outcome === 'ok' && (operation.kind === 'get' || operation.kind === 'scan'),
  );
  const victim = readers.length > 0 && random.chance(0.6) ? random.pick(readers) : undefined;
  if (victim === undefined) return { ...problem, found: anyState() };
  const result =
    victim.operation.kind === 'get' ? { value: random.pick(anyValue) } : { pairs: [...anyState()] };
  const operations = problem.operations.map((record) => (record === victim ? { ...record, result } : record));
  return { ...problem, operations };
}

function valuesOf({ base, operations }: LinearizationProblem): (string | null)[] {
  const written = operations.flatMap(({ operation }) => {
    if (operation.kind === 'put') return [operation.value];
    if (operation.kind !== 'batch') return [];
    return operation.writes.flatMap((write) => (write.kind === 'put' ? [write.value] : []));
  });
  return [null, ...base.values(), ...written];
}
