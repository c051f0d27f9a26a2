/**
 * A saved case, in a file or in a token, that cannot be read. One class for both, with a closed set of codes; the
 * message is a sentence that names the file or the token and says what was expected, what came and what to do.
 */
export type CaseErrorCode = 'not-json' | 'not-a-case' | 'wrong-version' | 'too-large' | 'bad-field';

export class CaseError extends Error {
  override readonly name = 'CaseError';
  readonly code: CaseErrorCode;

  constructor(code: CaseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
