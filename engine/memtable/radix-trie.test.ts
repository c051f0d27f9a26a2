import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { drain } from '../iterator/iterator-test-entries.js';
import { RadixTrie } from './radix-trie.js';
import type { TrieIterator } from './trie-walk.js';

/** Few different bytes, so that keys share prefixes and are prefixes of one another; 0 and 255 are the extremes. */
const key = fc
  .array(fc.constantFrom(0, 1, 97, 98, 255), { maxLength: 6 })
  .map((bytes) => Uint8Array.from(bytes));
const pairs = fc.array(fc.tuple(key, fc.integer()), { maxLength: 60 });
const bound = fc.option(key, { nil: undefined });

/** The model: a Map from hex text, which sorts as the bytes do. */
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function build(all: readonly (readonly [Uint8Array, number])[]) {
  const trie = new RadixTrie<number>();
  const model = new Map<string, number>();
  for (const [bytes, value] of all) {
    trie.set(bytes, value);
    model.set(hex(bytes), value);
  }
  return { trie, model };
}

const inRange = (bytes: Uint8Array, from: Uint8Array | undefined, before: Uint8Array | undefined) =>
  (from === undefined || compareKeys(bytes, from) >= 0) &&
  (before === undefined || compareKeys(bytes, before) < 0);

function range(model: ReadonlyMap<string, number>, from?: Uint8Array, before?: Uint8Array) {
  return [...model]
    .filter(([text]) => inRange(Buffer.from(text, 'hex'), from, before))
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

test('finds what was set and nothing else', () => {
  fc.assert(
    fc.property(pairs, fc.array(key), (all, others) => {
      const { trie, model } = build(all);
      expect(trie.size).toBe(model.size);
      for (const bytes of [...all.map(([set]) => set), ...others]) {
        expect(trie.get(bytes)).toBe(model.get(hex(bytes)));
      }
    }),
  );
});

test('iterates over any range in byte order, and back', () => {
  fc.assert(
    fc.property(pairs, bound, bound, (all, from, before) => {
      const { trie, model } = build(all);
      const texts = (walk: TrieIterator<number>) => drain(walk).map(({ key, value }) => [hex(key), value]);
      const expected = range(model, from, before);
      expect(texts(trie.entries(from, before))).toEqual(expected);
      expect(texts(trie.reversed(from, before))).toEqual(expected.reverse());
    }),
  );
});

test.each(['entries', 'reversed'] as const)(
  'a walk (%s) sees exactly the keys that are added after its position',
  (direction) => {
    const ahead = (text: string, position: string) =>
      direction === 'entries' ? text > position : text < position;
    fc.assert(
      fc.property(pairs, bound, bound, fc.array(pairs, { maxLength: 12 }), (all, from, before, steps) => {
        const { trie, model } = build(all);
        const walk = trie[direction](from, before);
        let position: string | undefined;
        for (const added of [...steps, ...Array<typeof all>(100).fill([])]) {
          const left = range(model, from, before).filter(
            ([text]) => position === undefined || ahead(text, position),
          );
          const expected = direction === 'entries' ? left[0] : left.at(-1);
          const next = walk.next();
          expect(next && [hex(next.key), next.value]).toEqual(expected);
          if (next === undefined) return;
          position = hex(next.key);
          for (const [bytes, value] of added) {
            trie.set(bytes, value);
            model.set(hex(bytes), value);
          }
        }
      }),
    );
  },
);

test('orders keys as bytes, not as signed numbers or text', () => {
  const { trie } = build([
    [Uint8Array.of(255), 4],
    [Uint8Array.of(127, 255), 2],
    [Uint8Array.of(128), 3],
    [Uint8Array.of(), 0],
    [Uint8Array.of(127), 1],
  ]);
  expect(drain(trie.entries()).map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]);
});
