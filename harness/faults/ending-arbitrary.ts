import fc from 'fast-check';
import type { StepLabel } from '../../engine/index.js';
import { canCut, formatEnding } from './ending.js';

/**
 * Kills at the steps of a scenario, and now and then when idle. A step late in a life is often not reached, so low
 * occurrences are likely; simpler endings come first, for shrinking.
 */
export function killAtStepArbitrary(labels: readonly StepLabel[]): fc.Arbitrary<string> {
  const occurrence = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }));
  const whole = fc
    .record({
      moment: fc.constantFrom('before' as const, 'after' as const),
      label: fc.constantFrom(...labels),
      occurrence,
    })
    .map(({ moment, label, occurrence }) =>
      formatEnding({ kind: 'kill-at-step', moment, label, occurrence }),
    );
  const idle = fc.constant(formatEnding({ kind: 'kill-idle' }));
  const writes = labels.filter(canCut);
  if (writes.length === 0) return fc.oneof({ weight: 1, arbitrary: idle }, { weight: 12, arbitrary: whole });
  // Without a bias, or most cuts would be in the first few bytes; 4,000 is more than a write has: all but the last.
  const cutBytes = fc.oneof(fc.noBias(fc.nat({ max: 120 })), fc.constant(4_000));
  const inside = fc
    .record({ label: fc.constantFrom(...writes), occurrence, bytes: cutBytes })
    .map((cut) => formatEnding({ kind: 'kill-at-step', moment: 'inside', ...cut }));
  return fc.oneof(
    { weight: 1, arbitrary: idle },
    { weight: 8, arbitrary: whole },
    { weight: 4, arbitrary: inside },
  );
}

/** Kills by the parent after a time, to a tenth of a millisecond, each instant as likely as the others. */
export function killAfterArbitrary(afterMsMax: number): fc.Arbitrary<string> {
  // Without a bias: fast-check's liking for small numbers would kill before the first write again and again.
  return fc
    .noBias(fc.nat({ max: Math.round(afterMsMax * 10) }))
    .map((tenths) => formatEnding({ kind: 'kill-after-ms', afterMs: tenths / 10 }));
}
