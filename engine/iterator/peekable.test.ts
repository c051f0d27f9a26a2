import { expect, test } from 'vitest';
import { iterate } from './iterator-test-entries.js';
import { Peekable } from './peekable.js';

test('peek shows the item that next then takes', () => {
  const [first, second] = [{ item: 1 }, { item: 2 }];
  const cursor = new Peekable(iterate([first, second]));
  expect([cursor.peek(), cursor.peek(), cursor.next(), cursor.next(), cursor.next()]).toEqual([
    first,
    first,
    first,
    second,
    undefined,
  ]);
  expect(cursor.peek()).toBeUndefined();
});

test('nothing is read before it is asked for, and one item ahead at most', () => {
  let read = 0;
  const cursor = new Peekable({ next: () => ({ item: ++read }) });
  expect(read).toBe(0);
  cursor.peek();
  cursor.next();
  expect(read).toBe(1);
});

test('a source that has ended is not asked again', () => {
  let asked = 0;
  const cursor = new Peekable<object>({ next: () => void asked++ });
  expect([cursor.peek(), cursor.next(), cursor.next(), asked]).toEqual([undefined, undefined, undefined, 1]);
});
