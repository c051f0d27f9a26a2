import type { Verdict, Violation } from '../checker/verdict.js';
import type { HistoryEvent } from '../history/event.js';
import type { CrashCase } from '../workload/case.js';

/**
 * The run record: everything that a report shows, as versioned JSON. Reports read nothing else. The wall clock
 * appears in `startedAt` and in fields that end in `Ms`, and nowhere else. The schema is described in
 * docs/run-record.md.
 */
export interface RunRecord {
  readonly format: 'ninelives/run-record';
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The command that made it, for copying. */
  readonly command: string;
  /** Seed of the whole run, 0 to 2^32 - 1. */
  readonly seed: number;
  /** True if the run was stopped before its budget was used (Ctrl-C, SIGTERM). */
  readonly interrupted: boolean;
  readonly environment: EnvironmentRecord;
  readonly verdict: Verdict;
  readonly scenarios: readonly ScenarioRecord[];
  /** Every step label that the engine has, in the engine's order, also those that were never reached. */
  readonly crashPoints: readonly CrashPointRow[];
  readonly failures: readonly FailureRecord[];
  /** Present after `ninelives gallery`. */
  readonly gallery?: readonly GalleryRow[];
  /** What was not tested, one sentence each. */
  readonly limits: readonly string[];
}

export interface EnvironmentRecord {
  readonly ninelives: string;
  /** First 16 hex digits of the hash of the child that ran. */
  readonly build: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly dataDirectory: string;
  /** tmpfs, ext4, ...: where the data lay. */
  readonly fileSystem: string;
}

export interface ScenarioRecord {
  readonly name: string;
  /** The promise in words. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly doubts: readonly string[];
  readonly cases: number;
  readonly lives: number;
  readonly kills: KillCounts;
  /** Exact kills whose step was never reached; those lives were killed when idle and count under `idle`. */
  readonly faultsNotFired: number;
  readonly operations: number;
  readonly acknowledged: number;
  /** Opens of a directory that a kill left. */
  readonly recoveries: number;
  readonly durationMs: number;
}

export interface KillCounts {
  /** The child killed itself at a step. */
  readonly exact: number;
  /** The parent killed it after a time; not replayable. */
  readonly timed: number;
  /** The parent killed it when all operations were answered. */
  readonly idle: number;
}

export interface CrashPointRow {
  readonly label: string;
  /** How often the step was executed, over all lives. */
  readonly reached: number;
  readonly before: CrashPointCell;
  /** null where nothing can be cut (only writes can). */
  readonly inside: CrashPointCell | null;
  readonly after: CrashPointCell;
}

export interface CrashPointCell {
  readonly kills: number;
  readonly failures: number;
}

export interface FailureRecord {
  readonly scenario: string;
  readonly violations: readonly Violation[];
  /** `nl1_...`; `command` is the whole line to copy. */
  readonly token: string;
  readonly command: string;
  /** Path of the case file, relative to the working directory of the run. */
  readonly caseFile: string;
  /** The minimised case and the history of its last run. */
  readonly minimised: CrashCase;
  readonly history: readonly HistoryEvent[];
  readonly operationsBefore: number;
  readonly operationsAfter: number;
  readonly shrinkRuns: number;
  /** How often the minimised case failed again when it was run again. */
  readonly reproduced: { readonly times: number; readonly of: number };
  /** One listing a life: as its end left the directory, and after the next recovery. */
  readonly directories: readonly DirectoryRecord[];
}

export interface DirectoryRecord {
  readonly life: number;
  readonly moment: 'at-crash' | 'after-recovery';
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export interface GalleryRow {
  readonly id: string;
  readonly what: string;
  readonly resembles: string;
  readonly expected: readonly string[];
  readonly caught: boolean;
  /** The violation kinds that caught it. */
  readonly by: readonly string[];
  readonly findMs: number;
  readonly cases: number;
  readonly operations: number;
  /** The line that plays the minimised case again; absent if nothing was found. */
  readonly replay?: string;
  /** Set if the diff no longer applies or the build failed. */
  readonly error?: string;
}
