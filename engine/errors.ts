import type { ReadLabel, StepLabel } from './vfs/step.js';
import { placeOf } from './vfs/placed-vfs.js';

/**
 * The one error class of the engine. Callers branch on `code` (a closed set, each a heading in ERRORS.md) and
 * read facts from fields; the text says what was expected, what came and what to do.
 *
 * `outcome` is what a caller who was writing needs to know: 'none' means that the write has no effect, now or
 * after recovery; 'unknown' means that it may or may not be there after reopening.
 */
export type EngineErrorCode =
  | 'ENGINE_INVALID_ARGUMENT'
  | 'ENGINE_INVALID_OPTION'
  | 'ENGINE_CLOSED'
  | 'ENGINE_LOCKED'
  | 'ENGINE_NOT_A_DATABASE'
  | 'ENGINE_CORRUPT'
  | 'ENGINE_READ_ONLY'
  | 'ENGINE_IO';

export interface EngineErrorFacts {
  /** Path relative to the database directory. */
  readonly file?: string;
  /** Byte offset in `file` at which the damage was noticed. */
  readonly offset?: number;
  /** The step or read on `file` that has failed. */
  readonly label?: StepLabel | ReadLabel;
  /** The platform's name of its error, as 'ENOSPC'. */
  readonly errno?: string;
  readonly outcome?: 'none' | 'unknown';
  readonly cause?: unknown;
}

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly label: StepLabel | ReadLabel | undefined;
  readonly errno: string | undefined;
  readonly outcome: 'none' | 'unknown';

  constructor(code: EngineErrorCode, message: string, facts: EngineErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.file = facts.file;
    this.offset = facts.offset;
    this.label = facts.label;
    this.errno = facts.errno;
    this.outcome = facts.outcome ?? 'none';
  }
}

/** A published file whose bytes are not what the engine wrote. */
export function corrupt(file: string, offset: number, problem: string, cause?: unknown): EngineError {
  return new EngineError('ENGINE_CORRUPT', `${file} at byte ${offset}: ${problem}`, { file, offset, cause });
}

/**
 * What the platform threw, as ENGINE_IO, with the step, the file and the platform's name of the error as far as they are
 * known. `expected` ends the sentence "Expected ...".
 */
export function diskFailure(
  expected: string,
  cause: unknown,
  outcome: 'none' | 'unknown' = 'none',
): EngineError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const place = placeOf(cause);
  const where = place === undefined ? '' : ` at ${place.label} of ${place.path || 'the database directory'}`;
  const errno = errnoOf(cause);
  return new EngineError('ENGINE_IO', `Expected ${expected}, got${where}: ${text}.`, {
    ...(place === undefined ? {} : { file: place.path, label: place.label }),
    ...(errno === undefined ? {} : { errno }),
    cause,
    outcome,
  });
}

function errnoOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
