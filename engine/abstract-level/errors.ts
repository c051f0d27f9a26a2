import { EngineError } from '../index.js';

/**
 * Errors as users of abstract-level know them: a `code` that begins with LEVEL_, and the engine's error as `cause`,
 * which has the facts (file, offset, and whether a failed write may be there after reopening).
 *
 * Errors of opening and closing are wrapped once more by abstract-level, as LEVEL_DATABASE_NOT_OPEN or
 * LEVEL_DATABASE_NOT_CLOSED with an error of this class as their cause.
 */
export type LevelErrorCode =
  | 'LEVEL_ABORTED'
  | 'LEVEL_CORRUPTION'
  | 'LEVEL_DATABASE_EXISTS'
  | 'LEVEL_DATABASE_MISSING'
  | 'LEVEL_DATABASE_NOT_OPEN'
  | 'LEVEL_INVALID_KEY'
  | 'LEVEL_INVALID_VALUE'
  | 'LEVEL_IO_ERROR'
  | 'LEVEL_LOCKED'
  | 'LEVEL_READONLY';

export class LevelError extends Error {
  override readonly name: 'LevelError' | 'AbortError';
  readonly code: LevelErrorCode;

  constructor(code: LevelErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    // The web's name for it, which abstract-level promises, too.
    this.name = code === 'LEVEL_ABORTED' ? 'AbortError' : 'LevelError';
  }
}

/**
 * The error for users. What abstract-level has no code for stays an EngineError: an argument, an option or a directory
 * that the engine refuses, each a mistake in the program and nothing to branch on. So does what is no EngineError.
 */
export function levelErrorOf(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  // What our own check said under the lock comes back as the cause of an I/O error.
  if (error.cause instanceof LevelError) return error.cause;
  const code = codeOf(error);
  return code === undefined ? error : new LevelError(code, error.message, error);
}

/** Runs what calls the engine, and throws its errors as users know them. */
export async function withLevelErrors<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw levelErrorOf(error);
  }
}

function codeOf({ code }: EngineError): LevelErrorCode | undefined {
  switch (code) {
    case 'ENGINE_CLOSED':
      return 'LEVEL_DATABASE_NOT_OPEN';
    case 'ENGINE_LOCKED':
      return 'LEVEL_LOCKED';
    case 'ENGINE_CORRUPT':
      return 'LEVEL_CORRUPTION';
    case 'ENGINE_READ_ONLY':
      return 'LEVEL_READONLY';
    case 'ENGINE_IO':
      return 'LEVEL_IO_ERROR';
    case 'ENGINE_INVALID_ARGUMENT':
    case 'ENGINE_INVALID_OPTION':
    case 'ENGINE_NOT_A_DATABASE':
      return undefined;
    default:
      return code satisfies never;
  }
}
