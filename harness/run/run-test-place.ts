import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessPool } from '../driver/process-pool.js';
import { WorkerPool } from '../power/worker-pool.js';
import { lsmTarget, type Target } from '../targets/target.js';
import type { CrashCase, Life, ScheduledOperation } from '../workload/case.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import type { CasePlace } from './run-case.js';

/** For tests: a place where cases run, with real processes and a temporary directory of its own. */
export function openPlace(target: Target = lsmTarget(), lifeLimitMs = 60_000): TestPlace {
  const root = mkdtempSync(join(tmpdir(), 'ninelives-test-'));
  const pool = new ProcessPool(target, 1);
  const threads = new WorkerPool(target.workerPath, 2);
  let cases = 0;
  return {
    pool,
    threads,
    root,
    next: () => cases++,
    lifeLimitMs,
    keepDirectories: false,
    close: async () => {
      await Promise.all([pool.close(), threads.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export interface TestPlace extends CasePlace {
  /** Ends every process and deletes the directory. */
  readonly close: () => Promise<void>;
}

/** A case of the reference engine with tiny limits. */
export function testCase(lives: readonly Life[], options: CrashCase['options'] = TINY_OPTIONS): CrashCase {
  return { format: 1, scenario: 'by-hand', target: 'lsm', options, seed: 1, lives };
}

/** One put a letter; `round` makes the values unique. */
export function puts(keys: string, round = 0): readonly ScheduledOperation[] {
  return [...keys].map((key, index) => ({
    operation: { kind: 'put', key, value: `${round}.${index}` },
  }));
}

/** Resolves when the process is gone; one that is dead and that nobody has waited for is gone. Linux only. */
export async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Whether a process runs, as /proc says it. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
