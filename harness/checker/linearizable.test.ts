import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '../random.js';
import { bruteForceLinearizable } from './checker-test-brute-force.js';
import { HistoryBuilder, batch, get, put } from './checker-test-history.js';
import { damage, problemsOf } from './checker-test-problems.js';
import { simulatedHistory } from './checker-test-simulation.js';
import { linearizable } from './linearizable.js';

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
