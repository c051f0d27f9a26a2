import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyRange } from './key-range.js';

const short = fc.uint8Array({ maxLength: 3, max: 255 });
const bound = fc.option(short, { nil: undefined });

test('a key is in the range exactly if it has the prefix and lies between the bounds', () => {
  fc.assert(
    fc.property(bound, bound, bound, short, (from, to, prefix, key) => {
      const { gte, lt } = keyRange({ from, to, prefix });
      const inRange =
        (gte === undefined || Buffer.compare(key, gte) >= 0) &&
        (lt === undefined || Buffer.compare(key, lt) < 0);
      const asked =
        (from === undefined || Buffer.compare(key, from) >= 0) &&
        (to === undefined || Buffer.compare(key, to) < 0) &&
        (prefix === undefined || Buffer.compare(key.subarray(0, prefix.length), prefix) === 0);
      expect(inRange).toBe(asked);
    }),
    { numRuns: 2_000 },
  );
});

test('a prefix of FF bytes has no end', () => {
  const prefix = new Uint8Array([0xff, 0xff]);
  expect(keyRange({ prefix })).toEqual({ gte: prefix });
});

test('the bounds that were handed in are not changed', () => {
  const prefix = new Uint8Array([1, 2]);
  keyRange({ prefix });
  expect(prefix).toEqual(new Uint8Array([1, 2]));
});
