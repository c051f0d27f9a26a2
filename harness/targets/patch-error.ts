/**
 * A planted bug that cannot be read, applied or built. One class with a closed set of codes; the message names the
 * file and says what was expected, what came and what to do.
 */
export type PatchErrorCode =
  /** A header line is missing, given twice, or holds a value that is none. */
  | 'bad-header'
  /** The text is no unified diff of files below engine/. */
  | 'bad-diff'
  /** The engine has changed under the diff. */
  | 'does-not-apply'
  /** The patched engine is no program. */
  | 'does-not-build';

export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: PatchErrorCode;
  /** The patch, or the file below engine/ that it could not change. */
  readonly file: string;

  constructor(code: PatchErrorCode, file: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
  }
}
