/**
 * What goes wrong in the harness itself, as opposed to in the engine under test. A closed set of codes; the text
 * says what was expected, what came and what to do.
 */
export type HarnessErrorCode =
  /** The compiled child is not there. */
  | 'build-missing'
  /** No scenario, target or planted bug of that name. */
  | 'unknown-name'
  /** A path that was given is not what it should be. */
  | 'bad-path'
  /** An option that is out of range. */
  | 'bad-option'
  /** The child said something that is not an answer. */
  | 'protocol'
  /** A thread of the simulator broke, or took longer than it may. */
  | 'worker-failed';

export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly code: HarnessErrorCode;

  constructor(code: HarnessErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
