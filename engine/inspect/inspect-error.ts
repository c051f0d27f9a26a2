/**
 * What keeps somebody from looking at a database: it is not there, cannot be read, or the question makes no sense. Damage
 * is not among it: that is what an inspection is for, and where an answer is impossible because of it (a dump), it is the
 * engine's own ENGINE_CORRUPT.
 */
export type InspectErrorCode =
  /** Nothing there, or not a database, or not a file of one. */
  | 'not-a-database'
  /** The platform does not let us read; `cause` is its error. */
  | 'unreadable'
  /** A living database changes faster than it can be looked at. */
  | 'changing'
  /** There are pairs already where others are to be loaded. */
  | 'holds-data'
  /** A line to be loaded is not what it should be; `line` says which. */
  | 'malformed-line';

export class InspectError extends Error {
  override readonly name = 'InspectError';
  readonly code: InspectErrorCode;
  /** Number of the line, from 1; only with 'malformed-line'. */
  readonly line: number | undefined;

  constructor(code: InspectErrorCode, message: string, facts: { line?: number; cause?: unknown } = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.line = facts.line;
  }
}

/** Whether an error comes from the platform (EIO, ENOENT and so on) and not from a mistake of ours. */
export function isPlatformError(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as { readonly code?: unknown };
  return error instanceof Error && typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
}
