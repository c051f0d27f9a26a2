import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../checker/judge.js';
import type { Judgement } from '../checker/verdict.js';
import { filesBelow } from '../driver/list-files.js';
import type { ProcessPool } from '../driver/process-pool.js';
import type { WorkerPool } from '../power/worker-pool.js';
import type { HistoryEvent } from '../history/event.js';
import type { CrashCase } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { LAST_LIFE } from '../workload/last-life.js';
import type { DirectoryRecord } from './record.js';
import type { LifeOutcome } from './life-notes.js';
import { runLife } from './run-life.js';

/**
 * The flow, once through: play the lives of a case on one directory, each in a real process that dies as planned;
 * then open once more, look at what is left, see that it takes writes again, and let the checker judge the history.
 */
export async function runCase(crashCase: CrashCase, place: CasePlace): Promise<CaseOutcome> {
  if (isPlayedInMemory(crashCase)) {
    const { traces, ...outcome } = await place.threads.run(
      { kind: 'play', case: crashCase, traced: place.traces !== undefined },
      place.lifeLimitMs,
    );
    for (const [life, bytes] of traces.entries()) {
      const path = tracePath(place.traces, life);
      if (path !== undefined) writeFileSync(path, bytes, { flag: 'wx' });
    }
    return outcome;
  }
  const directory = join(place.root, `case-${place.next()}`);
  const keys = keysOf(crashCase);
  const history: HistoryEvent[] = [];
  const lives: LifeOutcome[] = [];
  const directories: DirectoryRecord[] = [];
  mkdirSync(directory);
  try {
    for (const [number, life] of [...crashCase.lives, LAST_LIFE].entries()) {
      const process = place.pool.take();
      const outcome = await runLife(
        process,
        directory,
        crashCase,
        number,
        life,
        keys,
        place.lifeLimitMs,
        tracePath(place.traces, number),
      );
      if (outcome.death === undefined) place.pool.giveBack(process);
      lives.push(outcome);
      history.push(...outcome.events);
      if (place.keepDirectories) directories.push(...directoriesOf(outcome, number, directory));
      if (outcome.fatal || outcome.timedOut) break;
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { history, lives, directories, judgement: withDoubts(judge(history), lives) };
}

export function tracePath(directory: string | undefined, life: number): string | undefined {
  return directory === undefined ? undefined : join(directory, `life-${life}.trace`);
}

/** A real process cannot lose its power, and its disk does not fail at will. */
export function isPlayedInMemory(crashCase: CrashCase): boolean {
  return crashCase.lives.some(({ end, faults }) => end.startsWith('power ') || (faults?.length ?? 0) > 0);
}

/** Where cases run: one target's processes, a directory for data, and how long a life may take. */
export interface CasePlace {
  readonly pool: ProcessPool;
  /** For cases that are played in memory. */
  readonly threads: WorkerPool;
  /** An existing directory that belongs to this run alone. */
  readonly root: string;
  /** Gives each case a number of its own. */
  readonly next: () => number;
  readonly lifeLimitMs: number;
  /** An existing directory that takes the trace of each life, `life-<n>.trace`; undefined for no traces. */
  readonly traces?: string;
  /** Also note which files each life left, for a report. */
  readonly keepDirectories: boolean;
}

export interface CaseOutcome {
  readonly history: readonly HistoryEvent[];
  /** One for each life that was begun, the last look included. */
  readonly lives: readonly LifeOutcome[];
  readonly directories: readonly DirectoryRecord[];
  readonly judgement: Judgement;
}

function directoriesOf(outcome: LifeOutcome, life: number, directory: string): readonly DirectoryRecord[] {
  const after: readonly DirectoryRecord[] =
    outcome.recovered === undefined ? [] : [{ life, moment: 'after-recovery', files: outcome.recovered }];
  return [...after, { life, moment: 'at-crash', files: filesBelow(directory) }];
}

function withDoubts(judgement: Judgement, lives: readonly LifeOutcome[]): Judgement {
  const doubts = lives.flatMap((life, number) =>
    life.timedOut ? [`Life ${number} did not end within its time limit.`] : [],
  );
  if (doubts.length === 0) return judgement;
  const verdict = judgement.verdict === 'violated' ? 'violated' : 'unknown';
  return { ...judgement, verdict, doubts: [...judgement.doubts, ...doubts] };
}
