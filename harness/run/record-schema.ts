/**
 * What a run record must look like, field by field; docs/run-record.md says what each field means. Strict: a field
 * that nobody knows is an error, because dropping it in silence would make a report that shows less than the run
 * found. It checks shapes and ranges; whether the numbers agree with each other is the matter of whoever ran.
 */
import * as v from 'valibot';
import { VIOLATION_KINDS } from '../checker/verdict.js';
import { historyEventSchema } from '../history/event-schema.js';
import { caseSchema, seedSchema } from './case-schema.js';
import type { RunRecord } from './record.js';

// JSON has no integers and turns 1e999 into Infinity, so every number is checked.

/** A whole number from 0 to 2^53 - 1: counts, indexes, bytes. */
const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Milliseconds, 0 or more, fractions allowed. */
const durationMsSchema = v.pipe(v.number(), v.finite(), v.minValue(0));

/** A count that may be far beyond 2^53: a whole number, finite, and only as exact as a double is. */
const hugeCountSchema = v.pipe(v.number(), v.finite(), v.integer(), v.minValue(0));

const verdictSchema = v.picklist(['held', 'violated', 'unknown']);

const environmentSchema = v.strictObject({
  ninelives: v.string(),
  build: v.string(),
  node: v.string(),
  platform: v.string(),
  cpu: v.string(),
  cores: countSchema,
  dataDirectory: v.string(),
  fileSystem: v.string(),
});

const MODELS_MAX = 100;
const DEPTHS_MAX = 100;
const MODEL_LENGTH_MAX = 100;

const modelNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(MODEL_LENGTH_MAX));

const modelSchema = v.strictObject({
  model: modelNameSchema,
  verdict: verdictSchema,
  points: countSchema,
  reachable: hugeCountSchema,
  tried: countSchema,
  distinct: countSchema,
  exhaustedPoints: countSchema,
  failures: countSchema,
});

const powerSchema = v.strictObject({
  models: v.pipe(v.array(modelSchema), v.maxLength(MODELS_MAX)),
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  distinct: countSchema,
  recoveries: countSchema,
  depths: v.pipe(v.array(countSchema), v.maxLength(DEPTHS_MAX)),
  failedSyncs: countSchema,
  operations: countSchema,
});

const scenarioSchema = v.strictObject({
  name: v.string(),
  title: v.string(),
  verdict: verdictSchema,
  doubts: v.array(v.string()),
  cases: countSchema,
  lives: countSchema,
  kills: v.strictObject({ exact: countSchema, timed: countSchema, idle: countSchema }),
  faultsNotFired: countSchema,
  operations: countSchema,
  acknowledged: countSchema,
  recoveries: countSchema,
  durationMs: durationMsSchema,
  power: v.exactOptional(powerSchema),
});

const cellSchema = v.strictObject({ kills: countSchema, failures: countSchema });

const crashPointSchema = v.strictObject({
  label: v.string(),
  reached: countSchema,
  before: cellSchema,
  inside: v.nullable(cellSchema),
  after: cellSchema,
});

const violationSchema = v.strictObject({
  kind: v.picklist(VIOLATION_KINDS),
  life: countSchema,
  message: v.string(),
  key: v.exactOptional(v.string()),
  legal: v.exactOptional(v.array(v.nullable(v.string()))),
  found: v.exactOptional(v.nullable(v.string())),
  operations: v.array(v.strictObject({ life: countSchema, index: countSchema })),
  files: v.exactOptional(v.array(v.string())),
});

const directorySchema = v.strictObject({
  life: countSchema,
  moment: v.picklist(['at-crash', 'after-recovery']),
  files: v.array(v.strictObject({ path: v.string(), bytes: countSchema })),
});

const LOST_STEPS_MAX = 100_000;

const culpritSchema = v.strictObject({
  lost: v.string(),
  barrier: v.nullable(v.string()),
  kept: v.string(),
  lostAt: v.nullable(v.string()),
  keptAt: v.nullable(v.string()),
  model: modelNameSchema,
  lostSteps: v.pipe(v.array(v.string()), v.maxLength(LOST_STEPS_MAX)),
});

const failureSchema = v.strictObject({
  scenario: v.string(),
  violations: v.array(violationSchema),
  token: v.string(),
  command: v.string(),
  caseFile: v.string(),
  minimised: caseSchema,
  history: v.array(historyEventSchema),
  operationsBefore: countSchema,
  operationsAfter: countSchema,
  shrinkRuns: countSchema,
  reproduced: v.strictObject({ times: countSchema, of: countSchema }),
  directories: v.array(directorySchema),
  culprit: v.exactOptional(culpritSchema),
});

const gallerySchema = v.strictObject({
  id: v.string(),
  what: v.string(),
  resembles: v.string(),
  expected: v.array(v.string()),
  caught: v.boolean(),
  by: v.array(v.string()),
  findMs: durationMsSchema,
  cases: countSchema,
  operations: countSchema,
  replay: v.exactOptional(v.string()),
  culprit: v.exactOptional(
    v.strictObject({ expected: v.string(), found: v.nullable(v.string()), right: v.boolean() }),
  ),
  error: v.exactOptional(v.string()),
});

const fields = v.strictObject({
  format: v.literal('ninelives/run-record'),
  version: v.literal(1),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  durationMs: durationMsSchema,
  command: v.string(),
  seed: seedSchema,
  interrupted: v.boolean(),
  environment: environmentSchema,
  verdict: verdictSchema,
  scenarios: v.array(scenarioSchema),
  crashPoints: v.array(crashPointSchema),
  failures: v.array(failureSchema),
  gallery: v.exactOptional(v.array(gallerySchema)),
  limits: v.array(v.string()),
});

/** A run record of version 1. */
export const runRecordSchema: v.GenericSchema<unknown, RunRecord> = fields;
