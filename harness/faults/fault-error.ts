/** A text that is no fault. The message says what was expected, what came, and what is near. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code: 'unknown-fault' | 'unknown-step' | 'bad-number';

  constructor(code: FaultError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
