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
  /** Present for scenarios of the kind 'power'. */
  readonly power?: PowerRecord;
}

/** What simulated power loss (and kills in the same simulator) did in one scenario. */
export interface PowerRecord {
  /** One for each persistence model, in the order of the models; 'kill' first. */
  readonly models: readonly ModelRecord[];
  /**
   * First 16 hex digits of a hash over every state that was tried, in order, and what came out: the same for any
   * number of workers.
   */
  readonly digest: string;
  /** Distinct disks among all models of the scenario (by hash). */
  readonly distinct: number;
  /** Times that the engine really recovered a state. */
  readonly recoveries: number;
  /** Recoveries by depth: [after the first crash, after a crash while recovering, ...]. */
  readonly depths: readonly number[];
  /** Failed syncs that struck. */
  readonly failedSyncs: number;
  /** Operations of recorded histories. */
  readonly operations: number;
}

export interface ModelRecord {
  /** 'kill', 'posix', 'ext4', 'ext4-writeback', 'xfs', 'btrfs', and each with '+fsync-fails' where a sync failed. */
  readonly model: string;
  readonly verdict: Verdict;
  /** Moments of traces at which the power failed. */
  readonly points: number;
  /**
   * States that the model allows at these points, at most (a bound where they are too many to count); may be huge,
   * and not exact beyond 2^53.
   */
  readonly reachable: number;
  /** Tried, equal ones counted again. */
  readonly tried: number;
  /** Different disks among them. */
  readonly distinct: number;
  /** Points at which every state was tried. */
  readonly exhaustedPoints: number;
  readonly failures: number;
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
  /** Present where power loss caused the failure and the cause was found. */
  readonly culprit?: CulpritRecord;
}

/** The pair of steps whose order the failure shows to be missing: `lost` must be durable before `kept`. */
export interface CulpritRecord {
  /** The step that did not survive, such as `flush/sst.write#2`. */
  readonly lost: string;
  /** Label of the sync that would have made it durable, such as `flush/sst.fsync`; null if unknown. */
  readonly barrier: string | null;
  /** The later step that survived, or `the acknowledgement of <operation>`. */
  readonly kept: string;
  /** Source location such as `engine/table/builder.ts:61`, null if unknown. */
  readonly lostAt: string | null;
  readonly keptAt: string | null;
  readonly model: string;
  /** All steps whose loss is needed for the failure, the smallest set found. */
  readonly lostSteps: readonly string[];
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
  /** Present for bugs that power loss exposes. */
  readonly culprit?: GalleryCulprit;
  /** Set if the diff no longer applies or the build failed. */
  readonly error?: string;
}

/** Whether the pair of steps that the harness named is the one that was broken. Both are pairs as one text. */
export interface GalleryCulprit {
  readonly expected: string;
  /** null if nothing was named. */
  readonly found: string | null;
  readonly right: boolean;
}
