/**
 * What a saved operation must look like, for everything that reads one from a file or a token. Strict: a field
 * that nobody knows is an error, so that a file of another version is never half understood. Parsing gives the
 * fields in one fixed order, so that equal operations are saved as equal text.
 */
import * as v from 'valibot';
import type { Operation } from './operation.js';

const KEY_BYTES_MAX = 65_535;

/** Any bytes as text: each character U+0000 to U+00FF is one byte. */
export const byteTextSchema = v.pipe(
  v.string(),
  v.check((text) => !/[^\0-\u00ff]/.test(text), 'byte text (characters U+0000 to U+00FF only)'),
);

/** Byte text of 1 to 65,535 bytes. */
export const keySchema = v.pipe(
  byteTextSchema,
  v.check(({ length }) => length >= 1 && length <= KEY_BYTES_MAX, 'a key of 1 to 65,535 bytes'),
);

/** A whole number from 0 to 2^31 - 1. */
export const smallCountSchema = v.pipe(
  v.number(),
  v.check(
    (count) => Number.isInteger(count) && count >= 0 && count < 2 ** 31,
    'a whole number from 0 to 2^31 - 1',
  ),
);

const boundSchema = v.pipe(
  byteTextSchema,
  v.check(({ length }) => length <= KEY_BYTES_MAX, 'a bound of at most 65,535 bytes'),
);

const put = { kind: v.literal('put'), key: keySchema, value: byteTextSchema };
const remove = { kind: v.literal('delete'), key: keySchema };
const sync = { sync: v.exactOptional(v.boolean()) };
const through = { snapshot: v.exactOptional(smallCountSchema) };
const KEYS_MAX = 1_000;

const writeSchema = v.variant('kind', [v.strictObject(put), v.strictObject(remove)]);

/** Every kind of operation. */
export const operationSchema: v.GenericSchema<unknown, Operation> = v.variant('kind', [
  v.strictObject({ ...put, ...sync }),
  v.strictObject({ ...remove, ...sync }),
  v.strictObject({ kind: v.literal('batch'), writes: v.array(writeSchema), ...sync }),
  v.strictObject({ kind: v.literal('get'), key: keySchema, ...through }),
  v.strictObject({
    kind: v.literal('get-many'),
    keys: v.pipe(v.array(keySchema), v.maxLength(KEYS_MAX, `at most ${KEYS_MAX} keys`)),
    ...through,
  }),
  v.strictObject({
    kind: v.literal('scan'),
    gte: v.exactOptional(boundSchema),
    gt: v.exactOptional(boundSchema),
    lte: v.exactOptional(boundSchema),
    lt: v.exactOptional(boundSchema),
    reverse: v.exactOptional(v.boolean()),
    limit: v.exactOptional(smallCountSchema),
    ...through,
  }),
  v.strictObject({ kind: v.literal('snapshot'), snapshot: smallCountSchema }),
  v.strictObject({ kind: v.literal('release'), snapshot: smallCountSchema }),
  v.strictObject({ kind: v.literal('sync') }),
  v.strictObject({ kind: v.literal('flush') }),
  v.strictObject({
    kind: v.literal('compact'),
    gte: v.exactOptional(boundSchema),
    lt: v.exactOptional(boundSchema),
  }),
  v.strictObject({ kind: v.literal('open-again') }),
]);
