import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, compareKeys, type Entry } from '../entry.js';
import { EngineError } from '../errors.js';
import { drain } from '../iterator/iterator-test-entries.js';
import { Memtable } from './memtable.js';

const key = fc
  .array(fc.constantFrom(0, 97, 255), { minLength: 1, maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));
const bound = fc.option(key, { nil: undefined });
const write = fc.record({
  key,
  kind: fc.constantFrom('value' as const, 'tombstone' as const),
  value: fc.uint8Array({ maxLength: 4 }),
});

/** Gives the writes the sequence numbers first, first + 1, ... */
function sequenced(writes: readonly Omit<Entry, 'sequence'>[], first = 1): Entry[] {
  return writes.map((one, index) => ({
    ...one,
    sequence: first + index,
    value: one.kind === 'value' ? one.value : new Uint8Array(0),
  }));
}

function memtableOf(entries: readonly Entry[]): Memtable {
  const memtable = new Memtable();
  for (const entry of entries) memtable.add(entry);
  return memtable;
}

const entries = fc.array(write, { maxLength: 50 }).map((writes) => sequenced(writes));

test('holds all versions, keys ascending and the newest version first', () => {
  fc.assert(
    fc.property(entries, bound, bound, (all, from, before) => {
      const expected = all
        .filter((entry) => from === undefined || compareKeys(entry.key, from) >= 0)
        .filter((entry) => before === undefined || compareKeys(entry.key, before) < 0)
        .sort(compareEntries);
      expect(drain(memtableOf(all).entries(from, before))).toEqual(expected);
      expect(drain(memtableOf(all).reversed(from, before))).toEqual(expected.reverse());
    }),
  );
});

test('finds the newest version that a sequence number may see', () => {
  fc.assert(
    fc.property(entries, key, fc.nat({ max: 55 }), (all, wanted, sequence) => {
      const expected = all.findLast(
        (entry) => entry.sequence <= sequence && compareKeys(entry.key, wanted) === 0,
      );
      expect(memtableOf(all).find(wanted, sequence)).toEqual(expected);
    }),
  );
});

test('a reader that filters by sequence sees the same whatever is written while it reads', () => {
  fc.assert(
    fc.property(entries, fc.array(fc.array(write, { maxLength: 3 }), { maxLength: 30 }), (all, bursts) => {
      for (const direction of ['entries', 'reversed'] as const) {
        const memtable = memtableOf(all);
        const snapshot = memtable.sequenceMax;
        const seen: Entry[] = [];
        const pending = [...bursts];
        const cursor = memtable[direction]();
        for (let entry = cursor.next(); entry !== undefined; entry = cursor.next()) {
          if (entry.sequence <= snapshot) seen.push(entry);
          for (const late of sequenced(pending.shift() ?? [], memtable.sequenceMax + 1)) memtable.add(late);
        }
        const expected = [...all].sort(compareEntries);
        expect(seen).toEqual(direction === 'entries' ? expected : expected.reverse());
      }
    }),
  );
});

test('counts versions and bytes', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const memtable = memtableOf(all);
      const payloadBytes = all.reduce((sum, entry) => sum + entry.key.length + entry.value.length, 0);
      expect(memtable.entryCount).toBe(all.length);
      expect(memtable.isEmpty).toBe(all.length === 0);
      expect(memtable.sequenceMax).toBe(all.length);
      expect(memtable.approximateBytes - payloadBytes).toBe(64 * all.length);
    }),
  );
});

test('a version that is not the newest of its key is refused', () => {
  const [first, second] = sequenced([
    { key: Uint8Array.of(1), kind: 'value', value: Uint8Array.of(1) },
    { key: Uint8Array.of(1), kind: 'tombstone', value: new Uint8Array(0) },
  ]) as [Entry, Entry];
  const memtable = memtableOf([second]);
  expect(() => memtable.add(first)).toThrow(EngineError);
  expect(() => memtable.add(second)).toThrow(EngineError);
  expect(drain(memtable.entries())).toEqual([second]);
});
