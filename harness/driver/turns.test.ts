import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle, Turns } from './turns.js';

test('parked work waits until its turn is taken, and its promise settles as the work does', async () => {
  const turns = new Turns();
  const events: string[] = [];
  const good = turns.park(() => events.push('good')).then((count) => events.push(`resolved ${count}`));
  const bad = turns
    .park(() => {
      throw new Error('no');
    })
    .catch(() => events.push('rejected'));
  const late = turns
    .park(async () => await Promise.reject(new Error('later')))
    .catch(() => events.push('late'));
  await settle();
  expect(events).toEqual([]);
  expect(await turns.runUntil(() => events.length === 4)).toBe(true);
  await Promise.all([good, bad, late]);
  expect(events).toEqual(['good', 'resolved 1', 'rejected', 'late']);
});

test('a choice picks the waiting task of that number, oldest first, modulo their count', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 12 }), fc.nat({ max: 8 }), (choices, tasks) => {
      const turns = new Turns();
      const waiting = Array.from({ length: tasks }, (_, task) => task);
      const done: number[] = [];
      for (const task of waiting) void turns.park(() => done.push(task));
      const expected: number[] = [];
      for (const choice of choices) {
        const [next] = waiting.splice(waiting.length === 0 ? 0 : choice % waiting.length, 1);
        if (next !== undefined) expected.push(next);
        expect(turns.take(choice)).toBe(next !== undefined);
      }
      expect(done).toEqual(expected);
    }),
  );
});

test('a timer that was cancelled never runs', () => {
  const turns = new Turns();
  const ran: string[] = [];
  const cancel = turns.parkTimer(() => ran.push('first'));
  turns.parkTimer(() => ran.push('second'));
  cancel();
  cancel();
  expect([turns.take(0), turns.take(0), ran]).toEqual([true, false, ['second']]);
});

test('what waits for something that nobody will bring about is not waited for', async () => {
  const turns = new Turns();
  void turns.park(() => undefined);
  expect(await turns.runUntil(() => false)).toBe(false);
});
