/**
 * The part of a record that says what happened: a minimised case and the events of its last run. The shapes follow
 * harness/workload and harness/history. They are checked here for showing, not for running again, so ranges that
 * only a replay depends on (the length of a key, the text of an ending) are left to the reader of case files.
 */
import * as v from 'valibot';
import type { HistoryEvent } from '../harness/history/event.js';
import type { CrashCase } from '../harness/workload/case.js';
import type { Operation, Result } from '../harness/workload/operation.js';
import { countSchema, seedSchema } from './schema-quantity.js';

const put = { kind: v.literal('put'), key: v.string(), value: v.string() };
const remove = { kind: v.literal('delete'), key: v.string() };
const sync = { sync: v.exactOptional(v.boolean()) };
const pairSchema = v.strictTuple([v.string(), v.string()]);

const operationSchema: v.GenericSchema<unknown, Operation> = v.variant('kind', [
  v.strictObject({ ...put, ...sync }),
  v.strictObject({ ...remove, ...sync }),
  v.strictObject({
    kind: v.literal('batch'),
    writes: v.array(v.variant('kind', [v.strictObject(put), v.strictObject(remove)])),
    ...sync,
  }),
  v.strictObject({ kind: v.literal('get'), key: v.string() }),
  v.strictObject({
    kind: v.literal('scan'),
    gte: v.exactOptional(v.string()),
    lt: v.exactOptional(v.string()),
    limit: v.exactOptional(countSchema),
  }),
  v.strictObject({ kind: v.literal('sync') }),
  v.strictObject({ kind: v.literal('flush') }),
  v.strictObject({ kind: v.literal('compact') }),
]);

/** The plan: options, seed and lives. */
export const caseSchema: v.GenericSchema<unknown, CrashCase> = v.strictObject({
  format: v.literal(1),
  scenario: v.string(),
  target: v.string(),
  options: v.record(v.string(), v.unknown()),
  seed: seedSchema,
  lives: v.array(
    v.strictObject({
      operations: v.array(
        v.strictObject({
          operation: operationSchema,
          overlap: v.exactOptional(v.boolean()),
          turns: v.exactOptional(v.array(countSchema)),
        }),
      ),
      end: v.string(),
    }),
  ),
});

const life = { life: countSchema };
const index = { ...life, index: countSchema };
const errorSchema = v.strictObject({ code: v.string(), message: v.string() });
const pathsSchema = v.array(v.string());

const resultSchema: v.GenericSchema<unknown, Result> = v.union([
  v.strictObject({ value: v.nullable(v.string()) }),
  v.strictObject({ pairs: v.array(pairSchema) }),
  v.strictObject({}) as v.GenericSchema<unknown, Record<string, never>>,
]);

const observation = {
  gets: v.array(v.strictTuple([v.string(), v.nullable(v.string())])),
  scan: v.array(pairSchema),
  errors: v.array(v.string()),
  files: v.strictObject({
    onDisk: pathsSchema,
    live: pathsSchema,
    pending: pathsSchema,
    obsolete: pathsSchema,
  }),
};

const deathSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('killed'), by: v.picklist(['itself', 'parent']) }),
  v.strictObject({ kind: v.literal('signal'), signal: v.string(), foreign: v.literal(true) }),
  v.strictObject({ kind: v.literal('exit'), code: v.pipe(v.number(), v.safeInteger()), stderr: v.string() }),
]);

/** One event, of any kind. */
export const historyEventSchema: v.GenericSchema<unknown, HistoryEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('open'), ...life }),
  v.strictObject({ kind: v.literal('open-failed'), ...life, error: errorSchema }),
  v.strictObject({ kind: v.literal('observe'), ...life, ...observation }),
  v.strictObject({ kind: v.literal('invoke'), ...index, operation: operationSchema }),
  v.strictObject({ kind: v.literal('ok'), ...index, result: resultSchema }),
  v.strictObject({ kind: v.literal('fail'), ...index, error: errorSchema }),
  v.strictObject({ kind: v.literal('info'), ...index, error: v.exactOptional(errorSchema) }),
  v.strictObject({ kind: v.literal('create'), ...life, path: v.string() }),
  v.strictObject({
    kind: v.literal('hang'),
    ...life,
    waiting: v.array(countSchema),
    while: v.picklist(['open', 'operations', 'close']),
  }),
  v.strictObject({
    kind: v.literal('crash'),
    ...life,
    death: deathSchema,
    planned: v.string(),
    fired: v.boolean(),
  }),
  v.strictObject({ kind: v.literal('close'), ...life }),
]);
