import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '../random.js';
import { bruteForceLinearizable } from './checker-test-brute-force.js';
import { HistoryBuilder, get, put, remove } from './checker-test-history.js';
import { damage, problemOf, problemsOf } from './checker-test-problems.js';
import { simulatedHistory } from './checker-test-simulation.js';
import { holes } from './hole.js';
import { linearizable } from './linearizable.js';
import { livesOf } from './lives.js';
import type { PowerPromise } from './promise.js';
import { stretchesOf } from './stretch.js';

const PROMISES: readonly PowerPromise[] = [{ power: 'acked' }, { power: 'synced-prefix' }];
const SMALL = { lives: 2, operations: 6, keys: 2, inFlightMax: 4 };
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test.each(PROMISES)('agrees with the definition on legal histories with power losses: %o', (promise) => {
  let lossy = 0;
  fc.assert(
    fc.property(anySeed, (seed) => {
      for (const problem of problemsOf(simulatedHistory(seed, { ...SMALL, promise }), promise)) {
        if (problem.durable !== undefined) lossy++;
        expect(bruteForceLinearizable(problem)).toBe(true);
        expect(linearizable(problem)).toBe('yes');
      }
    }),
    { numRuns: 800 },
  );
  expect(lossy).toBeGreaterThan(800);
});

test.each(PROMISES)('agrees with the definition when anything was replaced: %o', (promise) => {
  const count = { yes: 0, no: 0 };
  fc.assert(
    fc.property(anySeed, (seed) => {
      const random = stream(seed, 'damage');
      for (const stretch of stretchesOf(livesOf(simulatedHistory(seed, { ...SMALL, promise })), promise)) {
        if (stretch.durable === undefined) continue;
        const damaged = damage(problemOf(stretch), random);
        const expected = bruteForceLinearizable(damaged) ? 'yes' : 'no';
        count[expected]++;
        expect(linearizable(damaged)).toBe(expected);
      }
    }),
    { numRuns: 3_000 },
  );
  // Both answers must be common, or the agreement proves little.
  expect(Math.min(count.yes, count.no)).toBeGreaterThan(500);
});

test('a hole is named only where no cut explains what was found', () => {
  let named = 0;
  fc.assert(
    fc.property(anySeed, (seed) => {
      const random = stream(seed, 'damage');
      const size = {
        lives: 2,
        operations: 6,
        keys: 2,
        inFlightMax: 2,
        promise: { power: 'synced-prefix' },
      } as const;
      for (const stretch of stretchesOf(livesOf(simulatedHistory(seed, size)))) {
        const problem = damage(problemOf(stretch), random);
        const { operations, found } = problem;
        const life = stretch.life + 1;
        if (holes({ ...stretch, operations, found: { life, state: found } }).length === 0) continue;
        named++;
        expect(bruteForceLinearizable(problem)).toBe(false);
      }
    }),
    { numRuns: 4_000 },
  );
  expect(named).toBeGreaterThan(10);
});

test('a cut may pass between writes that were in flight together, in either order', () => {
  const history = (left: Record<string, string>) =>
    new HistoryBuilder()
      .life()
      .invoke(put('a', '1'))
      .invoke(put('b', '1'))
      .answer(0)
      .answer(1)
      .powerLoss()
      .life(left).events;
  for (const left of [{}, { a: '1' }, { b: '1' }, { a: '1', b: '1' }]) {
    expect(problemsOf(history(left)).map((problem) => linearizable(problem))).not.toContain('no');
  }
});

test('what was read while the engine ran orders the writes that a cut may part', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('b', '1'));
  history.ok(get('a'), { value: '1' }).ok(get('b'), { value: null }).answer(0).answer(1).powerLoss();
  expect(problemsOf(history.life({ b: '1' }).events).map((problem) => linearizable(problem))).toContain('no');
});

test('decides hundreds of operations with eight in flight and a cut somewhere', () => {
  for (const promise of PROMISES) {
    for (let seed = 0; seed < 10; seed++) {
      const size = { lives: 2, operations: 400, keys: 8, inFlightMax: 8, promise };
      const problems = problemsOf(simulatedHistory(seed, size), promise);
      expect(problems.map((problem) => linearizable(problem, 20_000))).toEqual(problems.map(() => 'yes'));
    }
  }
});

test('a life of writes and deletes one after the other that no cut explains is decided in few steps', () => {
  const history = new HistoryBuilder().life();
  for (let index = 0; index < 200; index++) {
    history.ok(put(`k${index % 4}`, `${index}`)).ok(remove(`k${index % 4}`));
  }
  const [, problem] = problemsOf(history.powerLoss().life({ k1: '5', k2: '10' }).events);
  expect(problem && linearizable(problem, 2_000)).toBe('no');
});
