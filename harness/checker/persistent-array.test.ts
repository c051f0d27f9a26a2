import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PersistentArrays } from './persistent-array.js';

const LENGTH = 13;
const anyChanges = fc.array(fc.tuple(fc.nat(LENGTH - 1), fc.nat(3)), { maxLength: 40 });

test('two arrays are equal if and only if their roots are', () => {
  fc.assert(
    fc.property(anyChanges, anyChanges, (left, right) => {
      const arrays = new PersistentArrays(LENGTH);
      const [leftRoot, leftPlain] = applied(arrays, left);
      const [rightRoot, rightPlain] = applied(arrays, right);
      expect(leftRoot === rightRoot).toBe(leftPlain.join() === rightPlain.join());
    }),
  );
});

test('every element reads as it was last set', () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      const arrays = new PersistentArrays(LENGTH);
      const [root, plain] = applied(arrays, changes);
      expect(plain.map((_, index) => arrays.get(root, index))).toEqual(plain);
    }),
  );
});

test('a change leaves the array it came from as it was', () => {
  const arrays = new PersistentArrays(LENGTH);
  const before = arrays.with(arrays.zeros, 5, 9);
  arrays.with(before, 5, 1);
  expect(arrays.get(before, 5)).toBe(9);
});

test('visits what is not zero within bounds, in order, until told to stop', () => {
  const arrays = new PersistentArrays(LENGTH);
  const [root] = applied(arrays, [[2, 1], [5, 2], [6, 0], [7, 3], [11, 4]]); // prettier-ignore
  const visited: number[] = [];
  arrays.visit(root, 3, 12, (index) => visited.push(index) < 2);
  expect(visited).toEqual([5, 7]);
});

function applied(
  arrays: PersistentArrays,
  changes: readonly (readonly [number, number])[],
): [number, number[]] {
  const plain = Array.from({ length: LENGTH }, () => 0);
  let root = arrays.zeros;
  for (const [index, value] of changes) {
    root = arrays.with(root, index, value);
    plain[index] = value;
  }
  return [root, plain];
}
