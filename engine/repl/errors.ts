/** A line that is no command; the text says what was expected, what came and what to do. Nothing has been done. */
export class ReplError extends Error {
  override readonly name = 'ReplError';
  readonly code: ReplErrorCode;

  constructor(code: ReplErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type ReplErrorCode =
  /** A line that is not UTF-8 or too long, a quote that is not closed, a control character outside of quotes. */
  | 'REPL_BAD_LINE'
  | 'REPL_UNKNOWN_COMMAND'
  /** A command with arguments that it does not have. */
  | 'REPL_BAD_ARGUMENT';
