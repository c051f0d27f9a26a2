import * as v from 'valibot';
import { Content } from '../content.js';
import type { Disk } from '../disk.js';
import { MODEL_NAMES } from '../model.js';
import type { TraceStep } from '../trace.js';

/**
 * One trial as data: what was on the disk at the start, what was done, and what was found after the crash. JSON, bytes
 * as base64, so that it can be judged again without the file system that it came from.
 */
export interface Observation {
  readonly version: 1;
  readonly fileSystem: string;
  readonly model: (typeof MODEL_NAMES)[number];
  /** Of `uname -r`. */
  readonly kernel: string;
  readonly seed: number;
  readonly trial: number;
  /** Milliseconds between the last step and the crash. */
  readonly restMs: number;
  readonly start: Disk;
  readonly steps: readonly TraceStep[];
  readonly found: Disk;
}

/** As text, to be written to a file. */
export function encodeObservation(observation: Observation): string {
  const { start, found, steps } = observation;
  return `${JSON.stringify(
    {
      ...observation,
      start: treeToData(start),
      steps: steps.map((step) => (step.kind === 'write' ? { ...step, bytes: base64(step.bytes) } : step)),
      found: treeToData(found),
    },
    null,
    1,
  )}\n`;
}

/** The other way round. Throws ValiError or SyntaxError if it is not the text of an observation. */
export function decodeObservation(text: string): Observation {
  return v.parse(OBSERVATION, JSON.parse(text));
}

function treeToData({ directories, files }: Disk): v.InferInput<typeof TREE> {
  return {
    directories: [...directories],
    files: Object.fromEntries([...files].map(([path, { bytes }]) => [path, base64(bytes)])),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(0));

const BYTES = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => new Uint8Array(Buffer.from(text, 'base64'))),
);

const TREE = v.pipe(
  v.object({ directories: v.array(v.string()), files: v.record(v.string(), BYTES) }),
  v.transform(({ directories, files }): Disk => ({
    directories: new Set(directories),
    files: new Map(Object.entries(files).map(([path, bytes]) => [path, new Content(bytes)])),
  })),
);

const PLACE = { label: v.string(), path: v.string() };
const FILE = { ...PLACE, inode: WHOLE };
const SYNC = { since: WHOLE, answered: v.boolean() };

const STEP = v.variant('kind', [
  v.object({ kind: v.literal('write'), ...FILE, offset: WHOLE, bytes: BYTES }),
  v.object({ kind: v.literal('truncate'), ...FILE, length: WHOLE }),
  v.object({ kind: v.literal('create'), ...FILE }),
  v.object({ kind: v.literal('rename'), ...FILE, from: v.string(), replaced: v.nullable(WHOLE) }),
  v.object({ kind: v.literal('unlink'), ...FILE }),
  v.object({ kind: v.literal('mkdir'), ...PLACE }),
  v.object({ kind: v.literal('sync'), ...FILE, ...SYNC, whole: v.boolean() }),
  v.object({ kind: v.literal('sync-directory'), ...PLACE, ...SYNC }),
  v.object({ kind: v.literal('none'), ...PLACE }),
]);

const OBSERVATION = v.object({
  version: v.literal(1),
  fileSystem: v.string(),
  model: v.picklist(MODEL_NAMES),
  kernel: v.string(),
  seed: WHOLE,
  trial: WHOLE,
  restMs: WHOLE,
  start: TREE,
  steps: v.array(STEP),
  found: TREE,
});
