import { expect, test } from 'vitest';
import { HeldMemory } from './held-memory.js';

test('together requests hold no more than the limit, and what is given back can be taken again', () => {
  const memory = new HeldMemory(10);
  const [first, second] = [memory.share(), memory.share()];
  first.take(6);
  second.take(4);
  expect(() => second.take(1)).toThrow(expect.objectContaining({ code: 'HTTP_BUSY' }) as Error);
  expect(memory.bytes).toBe(10);
  first.release();
  second.take(6);
  second.release();
  second.release();
  expect(memory.bytes).toBe(0);
});

test('one that holds alone may hold more than the limit', () => {
  const memory = new HeldMemory(10);
  const alone = memory.share();
  alone.take(8);
  alone.take(8);
  expect(() => memory.share().take(1)).toThrow(expect.objectContaining({ code: 'HTTP_BUSY' }) as Error);
});
