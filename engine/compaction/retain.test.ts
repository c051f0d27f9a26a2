import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, type Entry } from '../entry.js';
import { retainVisible } from './retain.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';

const entries = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c').map((key) => new Uint8Array(Buffer.from(key))),
      sequence: fc.integer({ min: 1, max: 12 }),
      kind: fc.constantFrom('value' as const, 'tombstone' as const),
      value: fc.constant(new Uint8Array()),
    }),
    { selector: ({ sequence }) => sequence, maxLength: 12 },
  )
  .map((all): readonly Entry[] => [...all].sort(compareEntries));
const snapshots = fc
  .uniqueArray(fc.integer({ min: 0, max: 13 }), { maxLength: 4 })
  .map((all) => all.sort((left, right) => left - right));

/** By definition: the newest version of a key that a reader at `sequence` sees. */
function seen(from: readonly Entry[], key: Uint8Array, sequence: number): Entry | undefined {
  const visible = from.filter((entry) => Buffer.compare(entry.key, key) === 0 && entry.sequence <= sequence);
  return visible.sort((left, right) => right.sequence - left.sequence)[0];
}

const NEWEST = Infinity;
const KEYS = ['a', 'b', 'c'].map((key) => new Uint8Array(Buffer.from(key)));

test('above older data, every snapshot and the newest reader see the very same versions, and nothing else stays', () => {
  fc.assert(
    fc.property(entries, snapshots, (all, held) => {
      const kept = drain(retainVisible(iterate(all), held, () => false));
      const wanted = new Set(
        KEYS.flatMap((key) => [...held, NEWEST].map((sequence) => seen(all, key, sequence))),
      );
      expect(kept).toEqual(all.filter((entry) => wanted.has(entry)));
    }),
    { numRuns: 1_000 },
  );
});

test('at the bottom, everyone reads the same values, and a tombstone stays only where it hides something', () => {
  fc.assert(
    fc.property(entries, snapshots, fc.subarray(['a', 'b', 'c']), (all, held, bottom) => {
      const isBottom = (key: Uint8Array): boolean => bottom.includes(Buffer.from(key).toString());
      const kept = drain(retainVisible(iterate(all), held, isBottom));
      expect(kept).toEqual([...kept].sort(compareEntries));
      for (const key of KEYS) {
        for (const sequence of [...held, NEWEST]) {
          const [before, after] = [seen(all, key, sequence), seen(kept, key, sequence)];
          if (before?.kind === 'tombstone' && isBottom(key)) expect(after?.kind).not.toBe('value');
          else expect(after).toBe(before);
        }
      }
      for (const entry of kept) {
        if (entry.kind !== 'tombstone' || !isBottom(entry.key)) continue;
        expect(held.some((sequence) => sequence < entry.sequence)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('without snapshots one version of each key stays, and at the bottom no tombstone', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const kept = drain(retainVisible(iterate(all), [], () => true));
      const newest = KEYS.map((key) => seen(all, key, NEWEST)).filter((entry) => entry?.kind === 'value');
      expect(kept).toEqual(newest);
    }),
  );
});
