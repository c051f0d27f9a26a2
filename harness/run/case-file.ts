/**
 * A saved failure: the case, what its run is expected to show, and who found it. Plain JSON with one field a line,
 * so that a corpus of cases reads and diffs well and survives changes of the generators.
 *
 * The fields always come in one order, so equal case files are equal text. Reading checks everything and runs
 * nothing.
 */
import * as v from 'valibot';
import { type Verdict, type Violation, VIOLATION_KINDS } from '../checker/verdict.js';
import type { CrashCase } from '../workload/case.js';
import { CaseError } from './case-error.js';
import { buildSchema, caseSchema, parseSaved, seedSchema } from './case-schema.js';

export interface CaseFile {
  readonly format: 'ninelives/case';
  readonly version: 1;
  readonly case: CrashCase;
  /** What a replay must show. */
  readonly expected: Verdict;
  readonly violations: readonly Pick<Violation, 'kind' | 'message'>[];
  /** First 16 hex digits of the hash of the child that failed. */
  readonly build: string;
  readonly foundBy: {
    /** Seed of the run that found it, 0 to 2^32 - 1. */
    readonly seed: number;
    readonly command: string;
  };
}

/** Bytes of UTF-8 that a case file may have. */
export const CASE_FILE_BYTES_MAX = 16 * 1024 * 1024;

/** JSON, indented by two spaces, with a line break at the end. Throws CaseError if `parseCaseFile` would. */
export function encodeCaseFile(file: CaseFile): string {
  const text = `${JSON.stringify(parseSaved(caseFileSchema, file, 'the case to save'), null, 2)}\n`;
  checkSize(text, 'the case to save');
  return text;
}

/** The case file in `text`; `name` is its path, for messages. Throws CaseError. */
export function parseCaseFile(text: string, name: string): CaseFile {
  checkSize(text, name);
  const value = parseJson(text, name);
  const { format, version } = (value ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== 'ninelives/case') {
    throw new CaseError(
      'not-a-case',
      `Expected "format": "ninelives/case" in ${name}, got ${shown(format)}; give a file that ninelives saved.`,
    );
  }
  if (version !== 1) {
    throw new CaseError(
      'wrong-version',
      `Expected version 1 of the case format in ${name}, got ${shown(version)}; use the ninelives that wrote it.`,
    );
  }
  return parseSaved(caseFileSchema, value, name);
}

function checkSize(text: string, name: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= CASE_FILE_BYTES_MAX) return;
  throw new CaseError(
    'too-large',
    `Expected at most ${CASE_FILE_BYTES_MAX} bytes in ${name}, got ${bytes}; minimise the case first.`,
  );
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new CaseError(
      'not-json',
      `Expected JSON in ${name}, got a text that does not parse (${problem}); give a file that ninelives saved.`,
      error,
    );
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}

const caseFileSchema: v.GenericSchema<unknown, CaseFile> = v.strictObject({
  format: v.literal('ninelives/case'),
  version: v.literal(1),
  case: caseSchema,
  expected: v.picklist(['held', 'violated', 'unknown']),
  violations: v.array(
    v.strictObject({
      kind: v.picklist(VIOLATION_KINDS),
      message: v.string(),
    }),
  ),
  build: buildSchema,
  foundBy: v.strictObject({ seed: seedSchema, command: v.string() }),
});
