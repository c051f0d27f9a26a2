import * as os from 'node:os';
import { type Random, stream } from '../../random.js';
import { openDataRoot } from '../../run/data-root.js';
import { modelOf } from '../models/index.js';
import type { FileSystem } from './file-systems.js';
import { Images } from './images.js';
import { findState, type Membership } from './membership.js';
import { releaseStaleMounts } from './mount-points.js';
import type { Observation } from './observation.js';
import { planTrial, traceOf } from './plan.js';
import { isThere, missingFor, missingHere } from './requirements.js';
import { loadShell } from './shell.js';
import { runTrial, type TrialTools } from './trial.js';
import { Undo } from './undo.js';
import { hastenWriteBack } from './write-back-settings.js';

/**
 * The simulator checked against real file systems: random traces are played on mounted images, the images are copied
 * at the crash, mounted again and read, and what is found must be one of the states that the model of that file system
 * allows at that point of the trace. Trials are one after the other, because the kernel's write-back is shared.
 *
 * A trial that agrees says that the model is weak enough there, not that it is tight; a state that never showed is no
 * proof that it cannot.
 */
export async function validateDisk(plan: ValidationPlan): Promise<ValidationResult> {
  const missing = [...missingHere()];
  const shell = await loadShell();
  if (shell === undefined) missing.push('The package zx is needed: npm install --save-dev zx.');
  if (shell === undefined || missing.length > 0) return { missing, fileSystems: [] };
  const undo = new Undo();
  const data = openDataRoot(plan.dataParent);
  undo.add(() => data.remove());
  try {
    for (const directory of releaseStaleMounts()) plan.say(`took away ${directory}, left by an earlier run`);
    const images = new Images(shell, undo, data.directory);
    const results: FileSystemResult[] = [];
    const tools = {
      images,
      shell,
      directory: data.directory,
      canStartWriteBack: isThere('xfs_io'),
      signal: plan.signal,
    };
    for (const fileSystem of plan.fileSystems) {
      if (plan.signal.aborted) break;
      const lacking = missingFor(fileSystem);
      if (lacking !== undefined) {
        missing.push(lacking);
        continue;
      }
      let fresh: string;
      try {
        fresh = await images.make(fileSystem, stream(plan.seed, 'disk-validate', 'rubbish'));
      } catch (error) {
        missing.push(`${fileSystem.name} cannot be made and mounted here: ${messageOf(error)}`);
        continue;
      }
      // Only now, since the settings of XFS are there once XFS is loaded.
      const settings = new Undo();
      try {
        const changed = hastenWriteBack(settings);
        plan.say(`${fileSystem.name}: until the end of its trials ${changed.join(', ')}`);
        results.push(await runTrials(fileSystem, plan, { ...tools, fresh }));
      } finally {
        settings.all();
        plan.say(`${fileSystem.name}: settings of the kernel are restored`);
      }
    }
    return { missing, fileSystems: results };
  } finally {
    undo.all();
  }
}

export interface ValidationPlan {
  readonly fileSystems: readonly FileSystem[];
  /** For each file system. */
  readonly trials: number;
  readonly seed: number;
  /** Where images lie; undefined: see run/data-root.ts. */
  readonly dataParent: string | undefined;
  readonly signal: AbortSignal;
  /** Something that the user should know. */
  readonly say: (line: string) => void;
  readonly onTrial: (result: FileSystemResult, trial: Trial) => void;
}

export interface ValidationResult {
  /** What was not there, as sentences; what lacks nothing was validated all the same. */
  readonly missing: readonly string[];
  readonly fileSystems: readonly FileSystemResult[];
}

export interface FileSystemResult {
  readonly name: string;
  readonly kernel: string;
  readonly trials: number;
  readonly agreed: number;
  readonly disagreed: number;
  /** The search was too long, or the trial failed. */
  readonly undecided: number;
  /** Trials in which something of what was done was not there after the crash. */
  readonly lost: number;
  /** Distinct fates of the pending changes (see Membership.shape), of the trials that agreed. */
  readonly shapes: ReadonlySet<string>;
}

export type Trial =
  | { readonly kind: 'judged'; readonly observation: Observation; readonly membership: Membership }
  /** The file system or a program answered with an error. */
  | { readonly kind: 'failed'; readonly trial: number; readonly why: string };

async function runTrials(
  fileSystem: FileSystem,
  plan: ValidationPlan,
  tools: TrialTools,
): Promise<FileSystemResult> {
  let result: FileSystemResult = {
    name: fileSystem.name,
    kernel: os.release(),
    trials: 0,
    agreed: 0,
    disagreed: 0,
    undecided: 0,
    lost: 0,
    shapes: new Set(),
  };
  for (let trial = 0; trial < plan.trials && !plan.signal.aborted; trial++) {
    const random = stream(plan.seed, 'disk-validate', fileSystem.name, `${trial}`);
    const done = await oneTrial(fileSystem, plan, tools, trial, random);
    if (done === undefined) break;
    result = counted(result, done);
    plan.onTrial(result, done);
  }
  return result;
}

/** Undefined if it was interrupted. */
async function oneTrial(
  fileSystem: FileSystem,
  plan: ValidationPlan,
  tools: TrialTools,
  trial: number,
  random: Random,
): Promise<Trial | undefined> {
  const planned = planTrial(random);
  const { start, restMs } = planned;
  const steps = traceOf(planned);
  try {
    const found = await runTrial(fileSystem, planned, tools);
    const { name, model } = fileSystem;
    const membership = findState(modelOf(model), start, steps, found);
    const kernel = os.release();
    const observation: Observation = {
      ...{ version: 1, fileSystem: name, model, kernel, seed: plan.seed, trial, restMs },
      ...{ start, steps, found },
    };
    return { kind: 'judged', observation, membership };
  } catch (error) {
    if (plan.signal.aborted) return undefined;
    return { kind: 'failed', trial, why: messageOf(error) };
  }
}

function counted(result: FileSystemResult, trial: Trial): FileSystemResult {
  const trials = result.trials + 1;
  if (trial.kind === 'failed') return { ...result, trials, undecided: result.undecided + 1 };
  const { membership } = trial;
  const lost = result.lost + (membership.everythingKept ? 0 : 1);
  switch (membership.kind) {
    case 'allowed': {
      const shapes = new Set(result.shapes).add(membership.shape);
      return { ...result, trials, lost, agreed: result.agreed + 1, shapes };
    }
    case 'impossible':
      return { ...result, trials, lost, disagreed: result.disagreed + 1 };
    case 'undecided':
      return { ...result, trials, lost, undecided: result.undecided + 1 };
  }
}

function messageOf(error: unknown): string {
  const { message } = error as Error;
  return message.trim().replaceAll(/\s*\n\s*/g, '; ');
}
