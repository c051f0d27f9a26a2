/**
 * What a saved case must look like, shared by case files and tokens. A case comes from an issue, a mail or a
 * corpus, so every field is checked and every size is bounded before anything is run.
 *
 * It does not look into `options`: they belong to the target, which checks them itself. Their keys are sorted, so
 * that equal cases are saved as equal text.
 */
import * as v from 'valibot';
import { FaultError, parseEnding } from '../faults/ending.js';
import { parseSyncFault } from '../faults/sync-fault.js';
import type { CrashCase } from '../workload/case.js';
import { operationSchema, smallCountSchema } from '../workload/operation-schema.js';
import { CaseError } from './case-error.js';

/** Operations that a saved case may have, all lives together. */
export const OPERATIONS_MAX = 100_000;
const LIVES_MAX = 1_000;

/** A whole number from 0 to 2^32 - 1. */
export const seedSchema = v.pipe(
  v.number(),
  v.check((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32, 'a seed from 0 to 2^32 - 1'),
);

const nameSchema = v.pipe(
  v.string(),
  v.check(({ length }) => length >= 1 && length <= 200, 'a name of 1 to 200 characters'),
);

const endSchema = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(() => parseEnding(dataset.value)) : undefined;
    if (problem !== undefined) addIssue({ message: `an ending (${problem})` });
  }),
);

const faultSchema = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(() => parseSyncFault(dataset.value)) : undefined;
    if (problem !== undefined) addIssue({ message: `an I/O error (${problem})` });
  }),
);

const FAULTS_MAX = 100;
const COMPLETIONS_MAX = 100_000;

// Not v.record, which leaves out keys such as "constructor" without a word.
const optionsSchema = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(
    (options) => typeof options === 'object' && options !== null && !Array.isArray(options),
    'an object',
  ),
  v.transform((options) =>
    Object.fromEntries(
      Object.keys(options)
        .sort()
        .map((name) => [name, options[name]]),
    ),
  ),
);

const lifeSchema = v.strictObject({
  operations: v.array(
    v.strictObject({
      operation: operationSchema,
      overlap: v.exactOptional(v.boolean()),
      turns: v.exactOptional(v.array(smallCountSchema)),
    }),
  ),
  completions: v.exactOptional(
    v.pipe(v.array(smallCountSchema), v.maxLength(COMPLETIONS_MAX, `at most ${COMPLETIONS_MAX} completions`)),
  ),
  faults: v.exactOptional(
    v.pipe(v.array(faultSchema), v.maxLength(FAULTS_MAX, `at most ${FAULTS_MAX} I/O errors`)),
  ),
  end: endSchema,
});

/** The case itself; `parseSaved` bounds its operations as well. */
export const caseSchema: v.GenericSchema<unknown, CrashCase> = v.strictObject({
  format: v.literal(1),
  scenario: nameSchema,
  target: nameSchema,
  options: optionsSchema,
  seed: seedSchema,
  lives: v.pipe(
    v.array(lifeSchema),
    v.check(({ length }) => length >= 1 && length <= LIVES_MAX, `1 to ${LIVES_MAX} lives`),
  ),
});

/** The hash of the build that ran, or any short text that names it. */
export const buildSchema = nameSchema;

/**
 * The value if it fits the schema. Otherwise throws CaseError: 'bad-field' names the place (`name`, the words for
 * the file or token, and the path of the field); 'too-large' if there are too many operations in all.
 */
export function parseSaved<Saved extends { readonly case: CrashCase }>(
  schema: v.GenericSchema<unknown, Saved>,
  value: unknown,
  name: string,
): Saved {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (!parsed.success) throw badField(parsed.issues[0], name);
  const { lives } = parsed.output.case;
  const timed = lives.find(({ end }) => parseEnding(end).kind === 'kill-after-ms');
  if (timed !== undefined && lives.some(isInMemory)) {
    throw new CaseError(
      'bad-field',
      `Expected no timed kill beside a power loss or an I/O error in ${name}, got ${timed.end}; the one needs real processes, the others are simulated.`,
    );
  }
  const operations = lives.reduce((sum, life) => sum + life.operations.length, 0);
  if (operations > OPERATIONS_MAX) {
    throw new CaseError(
      'too-large',
      `Expected at most ${OPERATIONS_MAX} operations in ${name}, got ${operations}; minimise the case first.`,
    );
  }
  return parsed.output;
}

function isInMemory({ end, faults = [] }: CrashCase['lives'][number]): boolean {
  return faults.length > 0 || parseEnding(end).kind === 'power';
}

function badField(issue: v.BaseIssue<unknown>, name: string): CaseError {
  const expected =
    issue.kind === 'schema' && issue.type !== 'custom' ? (issue.expected ?? 'another value') : issue.message;
  const path = v.getDotPath(issue) ?? 'the top';
  const got = issue.received === 'undefined' ? 'nothing' : shortened(issue.received);
  const remedy =
    issue.expected === 'never'
      ? 'remove it, or use the version of ninelives that wrote it'
      : 'correct the field, or save the case again';
  return new CaseError(
    'bad-field',
    issue.expected === 'never'
      ? `Expected no field ${path} in ${name}, got ${got}; ${remedy}.`
      : `Expected ${expected} at ${path} in ${name}, got ${got}; ${remedy}.`,
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof FaultError) return error.message;
    throw error;
  }
}
