import type { Random } from '../../random.js';
import { Content } from '../content.js';
import type { Disk } from '../disk.js';
import type { TraceStep } from '../trace.js';
import { GrowingTree } from './growing-tree.js';

/**
 * A random trial: a small tree that is durable at the start, and a trace of what is then done to it, with pauses in
 * which the kernel writes back what it likes. The crash comes at the end of the trace, so its random length is the
 * random moment. Nothing is played here; player.ts does that.
 *
 * The traces are short, so that the states that a model allows can be searched through. Half of the changes come as
 * the patterns by which storage engines publish a file, because single random changes seldom make one.
 */
export function planTrial(random: Random): Plan {
  const start = startTree(random);
  const tree = new GrowingTree(start);
  const actions: Action[] = [];
  const act = (steps: readonly TraceStep[]) => {
    for (const step of steps) {
      actions.push({ kind: 'step', step });
      if (random.chance(0.15)) actions.push({ kind: 'pause', ms: 1 + random.below(400) });
      if (step.kind === 'write' && random.chance(0.15)) {
        actions.push({ kind: 'write-back', path: step.path });
      }
    }
  };
  const steps = 2 + random.below(STEPS_MAX - 1);
  while (tree.steps < steps) act(random.chance(0.3) ? publish(tree, random) : [anyStep(tree, random)]);
  return {
    start,
    actions,
    restMs: random.pick(REST_MS),
    keepsFilesOpen: random.chance(0.5),
  };
}

export interface Plan {
  /** Durable before the first action. */
  readonly start: Disk;
  readonly actions: readonly Action[];
  /** Milliseconds between the last action and the crash. */
  readonly restMs: number;
  /** False: every file is closed after each step. No model cares, but ext4 flushes some files when they are closed. */
  readonly keepsFilesOpen: boolean;
}

export type Action =
  | { readonly kind: 'step'; readonly step: TraceStep }
  | { readonly kind: 'pause'; readonly ms: number }
  /** sync_file_range of the whole file: the kernel starts writing it, as it may at any time. Promises nothing. */
  | { readonly kind: 'write-back'; readonly path: string };

/** The trace alone. */
export function traceOf(plan: Plan): readonly TraceStep[] {
  return plan.actions.flatMap((action) => (action.kind === 'step' ? [action.step] : []));
}

const STEPS_MAX = 10;
const REST_MS = [0, 0, 20, 50, 150, 400, 1500] as const;

/** Random bytes without zeros, so that a hole is told from data. */
export function randomBytes(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = 1 + random.below(255);
  return bytes;
}

function startTree(random: Random): Disk {
  const files = new Map<string, Content>();
  for (const path of ['log', 'table', 'd/current', 'd/old']) {
    files.set(path, new Content(randomBytes(random, random.pick([0, 10, 4096, 5000, 9000, 12_288]))));
  }
  return { directories: new Set(['d']), files };
}

function anyStep(tree: GrowingTree, random: Random): TraceStep {
  const files = tree.files();
  const kind = random.pick(STEP_KINDS);
  const path = files.length === 0 ? undefined : random.pick(files);
  if (path === undefined || kind === 'create') return tree.create(tree.newPath(random));
  const size = tree.sizeOf(path);
  switch (kind) {
    case 'append':
      return tree.write(path, size, randomBytes(random, lengthOfWrite(random)));
    case 'overwrite': {
      if (size === 0) return tree.write(path, 0, randomBytes(random, lengthOfWrite(random)));
      const offset = random.below(size);
      return tree.write(path, offset, randomBytes(random, 1 + random.below(size - offset)));
    }
    case 'truncate':
      return tree.truncate(path, random.chance(0.5) ? 0 : random.below(size + 1));
    case 'rename':
      return tree.rename(path, tree.newPath(random));
    case 'replace':
      return tree.rename(path, otherFile(files, path, random) ?? tree.newPath(random));
    case 'unlink':
      return tree.unlink(path);
    case 'mkdir':
      return tree.makeDirectory();
    case 'sync':
      return tree.sync(path, random.chance(0.5));
    case 'sync-directory':
      return tree.syncDirectory(random.pick(tree.directories()));
  }
}

const STEP_KINDS = [
  ...(['create', 'append', 'append', 'append', 'overwrite', 'overwrite', 'truncate'] as const),
  ...(['rename', 'replace', 'unlink', 'mkdir', 'sync', 'sync', 'sync-directory'] as const),
];

function otherFile(files: readonly string[], path: string, random: Random): string | undefined {
  const others = files.filter((other) => other !== path);
  return others.length === 0 ? undefined : random.pick(others);
}

/** Create or empty, fill, perhaps sync, rename over something or to a new name, perhaps sync the directory. */
function* publishSteps(tree: GrowingTree, random: Random): Iterable<TraceStep> {
  const existing = tree.files();
  if (existing.length > 0 && random.chance(0.25)) {
    const path = random.pick(existing);
    yield tree.truncate(path, 0);
    yield tree.write(path, 0, randomBytes(random, lengthOfWrite(random)));
    return;
  }
  const path = tree.newPath(random);
  yield tree.create(path);
  yield tree.write(path, 0, randomBytes(random, lengthOfWrite(random)));
  if (random.chance(0.3)) yield tree.sync(path, random.chance(0.5));
  const to = existing.length > 0 && random.chance(0.6) ? random.pick(existing) : tree.newPath(random);
  yield tree.rename(path, to);
  if (random.chance(0.3)) yield tree.syncDirectory(to.startsWith('d/') ? 'd' : '');
}

function publish(tree: GrowingTree, random: Random): readonly TraceStep[] {
  return [...publishSteps(tree, random)];
}

/** 1 to 10,000 bytes, half of them few. */
function lengthOfWrite(random: Random): number {
  return 1 + random.below(random.chance(0.5) ? 200 : 10_000);
}
