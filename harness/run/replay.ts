import { createHash } from 'node:crypto';
import { ProcessPool } from '../driver/process-pool.js';
import { encodeHistory } from '../history/ndjson.js';
import { WorkerPool } from '../power/worker-pool.js';
import type { Target } from '../targets/target.js';
import type { CrashCase } from '../workload/case.js';
import { openDataRoot } from './data-root.js';
import type { CulpritRecord } from './record.js';
import { type CaseOutcome, isPlayedInMemory, runCase } from './run-case.js';

/**
 * Plays one case again, as often as asked, each time in a new directory and with new processes. An exact case gives
 * the same history to the byte; the digest is what to compare.
 */
export async function replay(crashCase: CrashCase, plan: ReplayPlan): Promise<readonly Replayed[]> {
  const root = openDataRoot(plan.dataParent);
  let cases = 0;
  const replayed: Replayed[] = [];
  try {
    for (let run = 0; run < plan.runs && !plan.signal.aborted; run++) {
      const pool = new ProcessPool(plan.target, 1);
      const threads = new WorkerPool(plan.target.workerPath, 1);
      const { lifeLimitMs } = plan;
      const place = {
        pool,
        threads,
        root: root.directory,
        next: () => cases++,
        lifeLimitMs,
        keepDirectories: true,
        ...(plan.traces === undefined ? {} : { traces: plan.traces }),
      };
      try {
        const outcome = await runCase(crashCase, place);
        const history = encodeHistory(outcome.history);
        const violated = outcome.judgement.verdict === 'violated';
        const culprit =
          run === 0 && violated && isPlayedInMemory(crashCase)
            ? (await threads.run({ kind: 'explain', case: crashCase }, lifeLimitMs)).culprit
            : null;
        replayed.push({
          outcome,
          ...(culprit === null ? {} : { culprit }),
          history,
          digest: createHash('sha256').update(history).digest('hex').slice(0, 16),
        });
      } finally {
        await Promise.all([pool.close(), threads.close()]);
      }
    }
  } finally {
    root.remove();
  }
  return replayed;
}

export interface ReplayPlan {
  readonly target: Target;
  readonly runs: number;
  readonly dataParent: string | undefined;
  readonly lifeLimitMs: number;
  /** An existing directory that takes the traces; then only one run is possible. */
  readonly traces?: string;
  readonly signal: AbortSignal;
}

export interface Replayed {
  /** Of the first run, if a lost change made it fail. */
  readonly culprit?: CulpritRecord;
  readonly outcome: CaseOutcome;
  /** NDJSON. */
  readonly history: string;
  /** First 16 hex digits of the history's SHA-256. */
  readonly digest: string;
}
