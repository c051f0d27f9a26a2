import { expect, test } from 'vitest';
import { Peekable } from './peekable.js';

test('peek shows the item that next then takes', () => {
  const cursor = new Peekable([1, 2].values());
  expect([cursor.peek(), cursor.peek(), cursor.next(), cursor.next(), cursor.next()]).toEqual([
    1,
    1,
    1,
    2,
    undefined,
  ]);
  expect(cursor.peek()).toBeUndefined();
});

test('nothing is read before it is asked for, and one item ahead at most', () => {
  let read = 0;
  const cursor = new Peekable(
    (function* () {
      for (;;) yield ++read;
    })(),
  );
  expect(read).toBe(0);
  cursor.peek();
  cursor.next();
  expect(read).toBe(1);
});

test('closing ends the source and the cursor', () => {
  let ended = false;
  const cursor = new Peekable(
    (function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        ended = true;
      }
    })(),
  );
  cursor.next();
  cursor.close();
  expect(ended).toBe(true);
  expect(cursor.next()).toBeUndefined();
});
