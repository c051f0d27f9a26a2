import type { EngineProcess } from '../driver/engine-process.js';
import { parseEnding } from '../faults/ending.js';
import type { CrashCase, Life } from '../workload/case.js';
import { requestsOf } from './life-requests.js';
import { LifeNotes, type LifeOutcome } from './life-notes.js';

/**
 * One life: give the child everything that it will need, write down what it answers, end it as planned, and wait
 * until it is certainly dead (or closed).
 */
export async function runLife(
  process: EngineProcess,
  directory: string,
  crashCase: CrashCase,
  number: number,
  life: Life,
  keys: readonly string[],
  limitMs: number,
  tracePath?: string,
): Promise<LifeOutcome> {
  const ending = parseEnding(life.end);
  const notes = new LifeNotes(number, life);
  const disarm: (() => void)[] = [];
  if (ending.kind === 'kill-after-ms') {
    await process.ready;
    disarm.push(later(ending.afterMs, () => process.kill()));
  }
  disarm.push(
    later(limitMs, () => {
      notes.timedOut = true;
      process.kill();
    }),
  );
  const trace = tracePath === undefined ? undefined : { path: tracePath, life: number };
  process.send(requestsOf(crashCase, life, ending, directory, keys, trace));
  try {
    for (let answer = await process.next(); answer !== undefined; answer = await process.next()) {
      notes.add(answer);
      if (notes.closed) return notes.outcome(undefined, ending);
      const timed = ending.kind === 'kill-after-ms' && answer.kind === 'drained';
      if (notes.over && !timed) process.kill();
    }
  } finally {
    for (const stop of disarm) stop();
  }
  return notes.outcome(await process.death, ending);
}

function later(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
