/**
 * What a saved event must look like. Strict, as for operations: a checker that overlooks a field it does not know
 * could call a bad history good. It checks each event by itself; that events follow each other in a possible order
 * is the checker's matter.
 */
import * as v from 'valibot';
import { byteTextSchema, operationSchema, smallCountSchema } from '../workload/operation-schema.js';
import type { HistoryEvent } from './event.js';

const life = { life: smallCountSchema };
const operation = { ...life, index: smallCountSchema };
const errorSchema = v.strictObject({ code: v.string(), message: v.string() });
const pathsSchema = v.array(v.string());
const pairSchema = v.strictTuple([byteTextSchema, byteTextSchema]);

const resultSchema = v.union([
  v.strictObject({ value: v.nullable(byteTextSchema) }),
  v.strictObject({ values: v.array(v.nullable(byteTextSchema)) }),
  v.strictObject({ pairs: v.array(pairSchema) }),
  v.strictObject({ locked: v.boolean() }),
  v.custom<Record<string, never>>((value) => JSON.stringify(value) === '{}'),
]);

const filesSchema = v.strictObject({
  onDisk: pathsSchema,
  live: pathsSchema,
  pending: pathsSchema,
  obsolete: pathsSchema,
});

const observation = {
  gets: v.array(v.strictTuple([byteTextSchema, v.nullable(byteTextSchema)])),
  scan: v.array(pairSchema),
  errors: v.array(v.string()),
  files: filesSchema,
};

const MODEL_LENGTH_MAX = 40;

const modelSchema = v.pipe(
  v.string(),
  v.check(
    ({ length }) => length >= 1 && length <= MODEL_LENGTH_MAX,
    `the name of a persistence model, of at most ${MODEL_LENGTH_MAX} characters`,
  ),
);

const deathSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('killed'), by: v.picklist(['itself', 'parent', 'simulator']) }),
  v.strictObject({ kind: v.literal('power'), model: modelSchema }),
  v.strictObject({ kind: v.literal('signal'), signal: v.string(), foreign: v.literal(true) }),
  v.strictObject({ kind: v.literal('exit'), code: v.number(), stderr: v.string() }),
]);

/** Every kind of event. */
export const historyEventSchema: v.GenericSchema<unknown, HistoryEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('open'), ...life }),
  v.strictObject({ kind: v.literal('open-failed'), ...life, error: errorSchema }),
  v.strictObject({ kind: v.literal('observe'), ...life, ...observation }),
  v.strictObject({
    kind: v.literal('settled'),
    ...life,
    files: filesSchema,
    error: v.exactOptional(errorSchema),
  }),
  v.strictObject({ kind: v.literal('invoke'), ...operation, operation: operationSchema }),
  v.strictObject({ kind: v.literal('ok'), ...operation, result: resultSchema }),
  v.strictObject({ kind: v.literal('fail'), ...operation, error: errorSchema }),
  v.strictObject({ kind: v.literal('info'), ...operation, error: v.exactOptional(errorSchema) }),
  v.strictObject({ kind: v.literal('create'), ...life, path: v.string() }),
  v.strictObject({
    kind: v.literal('hang'),
    ...life,
    waiting: v.array(smallCountSchema),
    while: v.picklist(['open', 'operations', 'close']),
  }),
  v.strictObject({
    kind: v.literal('crash'),
    ...life,
    death: deathSchema,
    planned: v.string(),
    fired: v.boolean(),
    left: v.exactOptional(pathsSchema),
  }),
  v.strictObject({ kind: v.literal('fault'), ...life, fault: v.string() }),
  v.strictObject({ kind: v.literal('close'), ...life }),
]);
