import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runInLanes } from './lanes.js';

interface Planned {
  readonly delay: number;
  readonly last: boolean;
}
const plans = fc.array(fc.record({ delay: fc.nat({ max: 6 }), last: fc.boolean() }), { maxLength: 12 });
const rarelyLast = plans.map((jobs) =>
  jobs.map((job, index) => ({ ...job, last: job.last && index % 4 === 3 })),
);

test('results come in the order of the jobs and end with the first last one, however fast each job is', async () => {
  await fc.assert(
    fc.asyncProperty(rarelyLast, fc.integer({ min: 1, max: 5 }), async (jobs, lanes) => {
      const first = jobs.findIndex(({ last }) => last);
      const expected = [...jobs.keys()].slice(0, first < 0 ? jobs.length : first + 1);
      expect(await play(jobs, lanes)).toEqual(expected);
    }),
  );
});

test('never more jobs run at a time than there are lanes, and all lanes are used', async () => {
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 12 }, () => async () => {
    most = Math.max(most, ++running);
    await ticks(2);
    running--;
  });
  await runInLanes(
    jobs,
    3,
    () => false,
    () => false,
  );
  expect(most).toBe(3);
});

test('when stopped, jobs that run are waited for and no other begins', async () => {
  let stop = false;
  const begun: number[] = [];
  const ended: number[] = [];
  const jobs = Array.from({ length: 6 }, (_, index) => async () => {
    begun.push(index);
    stop = begun.length === 3;
    await ticks(3);
    ended.push(index);
    return index;
  });
  expect(
    await runInLanes(
      jobs,
      2,
      () => false,
      () => stop,
    ),
  ).toEqual(ended.sort());
  expect(begun.sort()).toEqual(ended);
  expect(begun.length).toBeLessThan(6);
});

test('a job that throws ends the work with its error', async () => {
  const jobs = [() => Promise.resolve(1), () => Promise.reject(new Error('no'))];
  await expect(
    runInLanes(
      jobs,
      1,
      () => false,
      () => false,
    ),
  ).rejects.toThrow('no');
});

async function play(jobs: readonly Planned[], lanes: number): Promise<readonly number[]> {
  const results = await runInLanes(
    jobs.map((job, index) => async () => {
      await ticks(job.delay);
      return { index, last: job.last };
    }),
    lanes,
    ({ last }) => last,
    () => false,
  );
  return results.map(({ index }) => index);
}

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await Promise.resolve();
}
