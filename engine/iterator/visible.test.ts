import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, type Entry } from '../entry.js';
import { drain, iterate } from './iterator-test-entries.js';
import { visibleEntries } from './visible.js';

const write = fc.record({ key: fc.constantFrom('a', 'b', 'c', ''), deleted: fc.boolean() });

test('shows of each key the newest value that is not younger than the reader', () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), fc.nat({ max: 31 }), (writes, sequence) => {
      const state = new Map<string, Entry>();
      const entries = writes.map(({ key, deleted }, index): Entry => {
        const value = Buffer.from(deleted ? '' : String(index));
        const kind = deleted ? 'tombstone' : 'value';
        const entry: Entry = { key: Buffer.from(key), sequence: index + 1, kind, value };
        if (entry.sequence <= sequence) state.set(key, entry);
        return entry;
      });
      const alive = [...state.values()].filter((entry) => entry.kind === 'value').sort(compareEntries);
      entries.sort(compareEntries);
      expect(drain(visibleEntries(iterate(entries), sequence))).toEqual(alive);
      const reversed = iterate(entries.toReversed());
      expect(drain(visibleEntries(reversed, sequence, 'reverse'))).toEqual(alive.reverse());
    }),
  );
});
