import { expect, test } from 'vitest';
import { BackgroundWorker } from './background.js';

const fail = (error: unknown): never => {
  throw new Error('The worker failed.', { cause: error });
};

test('one piece at a time, until a job says that there was none', async () => {
  let left = 3;
  let atOnce = 0;
  const worker = new BackgroundWorker(async () => {
    expect(++atOnce).toBe(1);
    await Promise.resolve();
    atOnce--;
    return left-- > 0;
  }, fail);
  worker.notify();
  worker.notify();
  await worker.idle();
  expect(left).toBeLessThan(0);
});

test('a notification during the last look is not lost', async () => {
  const work: string[] = [];
  const done: string[] = [];
  const worker: BackgroundWorker = new BackgroundWorker(async () => {
    const piece = work.shift();
    await Promise.resolve();
    if (piece !== undefined) {
      done.push(piece);
    } else if (done.length === 1) {
      work.push('late');
      worker.notify();
    }
    return piece !== undefined;
  }, fail);
  work.push('early');
  worker.notify();
  await worker.idle();
  expect(done).toEqual(['early', 'late']);
});

test('stop lets the piece at hand end and starts no other', async () => {
  let begun = 0;
  let ended = 0;
  const worker = new BackgroundWorker(async () => {
    begun++;
    await Promise.resolve();
    ended++;
    return true;
  }, fail);
  worker.notify();
  await worker.stop();
  worker.notify();
  await worker.idle();
  expect([begun, ended]).toEqual([1, 1]);
});

test('an error stops the worker for good and is handed on once', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const worker = new BackgroundWorker(
    async () => {
      runs++;
      throw new Error('no disk');
    },
    (error) => errors.push(error),
  );
  worker.notify();
  await worker.idle();
  worker.notify();
  await worker.idle();
  expect(runs).toBe(1);
  expect(errors).toEqual([new Error('no disk')]);
});
