/** A record that cannot be read. The message is one sentence for a person: expected, got, what to do. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}
