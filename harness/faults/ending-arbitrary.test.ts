import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS, type StepLabel } from '../../engine/index.js';
import { canCut, formatEnding, parseEnding } from './ending.js';
import { killAfterArbitrary, killAtStepArbitrary } from './ending-arbitrary.js';

const someLabels = fc.subarray([...STEP_LABELS], { minLength: 1 });

test('every ending parses, prints back, and strikes at a step of the scenario or when idle', () => {
  fc.assert(
    fc.property(
      someLabels.chain((labels) => fc.tuple(fc.constant(labels), killAtStepArbitrary(labels))),
      ([labels, end]) => {
        const ending = parseEnding(end);
        expect(formatEnding(ending)).toBe(end);
        expect(ending.kind === 'kill-at-step' ? labels : [undefined]).toContain(
          ending.kind === 'kill-at-step' ? ending.label : undefined,
        );
      },
    ),
  );
});

test('every step of a scenario comes at every moment that it has', () => {
  const labels: readonly StepLabel[] = ['manifest/rename', 'flush/sst.write', 'wal/fsync'];
  const drawn = new Set(
    fc.sample(killAtStepArbitrary(labels), { numRuns: 1_000, seed: 1 }).map((end) => end.split(' #')[0]),
  );
  for (const label of labels) {
    expect(drawn).toContain(`kill before ${label}`);
    expect(drawn).toContain(`kill after ${label}`);
    expect(drawn.has(`kill inside ${label}`)).toBe(canCut(label));
  }
  expect(drawn).toContain('kill idle');
});

test('a kill by time is within its bound, to a tenth of a millisecond', () => {
  fc.assert(
    fc.property(killAfterArbitrary(2.5), (end) => {
      const ending = parseEnding(end);
      const afterMs = ending.kind === 'kill-after-ms' ? ending.afterMs : Number.NaN;
      expect(afterMs).toBeGreaterThanOrEqual(0);
      expect(afterMs).toBeLessThanOrEqual(2.5);
      expect(Math.round(afterMs * 10) / 10).toBe(afterMs);
    }),
  );
});
