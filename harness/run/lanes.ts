/**
 * Runs jobs on a fixed number of lanes and hands the results out in the order of the jobs, not in the order in
 * which they finished: what a run reports must not depend on which lane was faster.
 *
 * A job whose result ends the work (`isLast`) cancels the jobs after it; those before it still finish. So the first
 * such job in order is the same on one lane and on ten.
 */
export async function runInLanes<Result>(
  jobs: readonly (() => Promise<Result>)[],
  lanes: number,
  isLast: (result: Result) => boolean,
  stopped: () => boolean,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  let end = jobs.length;
  const lane = async (): Promise<void> => {
    while (next < end && !stopped()) {
      const index = next++;
      const job = jobs[index];
      if (job === undefined) return;
      const result = await job();
      results.set(index, result);
      if (isLast(result)) end = Math.min(end, index + 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
  return [...results.keys()]
    .filter((index) => index < end)
    .sort((left, right) => left - right)
    .flatMap((index) => results.get(index) ?? []);
}
