/**
 * A file that is not a whole trace. One class with a closed set of codes; the message says what was expected, what
 * came, at which byte, and what to do.
 */
export type TraceErrorCode =
  /** Another sort of file. */
  | 'not-a-trace'
  /** A trace of a format that this version does not read. */
  | 'wrong-version'
  /** The file ends before the trace does, as after the death of its writer. */
  | 'cut'
  /** Bytes are not those that were written, or were written by something else. */
  | 'corrupt'
  /** More than the limits of trace-limits.ts allow. */
  | 'too-large';

export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code: TraceErrorCode;
  /** Place in the file, in bytes. */
  readonly offset: number;

  /** `expected` and `got` complete the sentence "Expected ... at byte n of <file>, got ...". */
  constructor(
    code: TraceErrorCode,
    { file, offset, expected, got }: TraceErrorFacts,
    options?: { readonly cause: unknown },
  ) {
    super(`Expected ${expected} at byte ${offset} of ${file}, got ${got}; ${ADVICE[code]}.`, options);
    this.code = code;
    this.offset = offset;
  }
}

export interface TraceErrorFacts {
  /** Name of the file, for the message. */
  readonly file: string;
  readonly offset: number;
  readonly expected: string;
  readonly got: string;
}

const ADVICE: Readonly<Record<TraceErrorCode, string>> = {
  'not-a-trace': 'give a file that ninelives recorded',
  'wrong-version': 'use the ninelives that wrote it',
  cut: 'its writer died or it was copied in part, so record or copy it again',
  corrupt: 'it was damaged after it was written, so record or copy it again',
  'too-large': 'record a shorter case',
};
