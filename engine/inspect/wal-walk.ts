import type { VfsFile } from '../vfs/vfs.js';
import { readWal } from '../wal/reader.js';
import { decodeRecord, headerProblem, WAL_HEADER_BYTES, type WalWrite } from '../wal/record.js';
import { fileOfBytes, isCorrupt, problemOf, readWhole } from './whole-file.js';

/**
 * A WAL record by record, with the place of each, and how the log ends. Where the good part ends and whether what
 * follows is a torn tail or corruption is asked of the engine's own reader, so the two cannot disagree.
 */
export interface WalRecord {
  readonly offset: number;
  /** Length and checksum included. */
  readonly bytes: number;
  /** Of the first write; the i-th has this plus i. */
  readonly sequence: number;
  /** The first so many bytes of the file were durable when the record was made. */
  readonly durableBytes: number;
  /** None in a record that is there for its `durableBytes` only. Views on a buffer that holds the whole file. */
  readonly writes: readonly WalWrite[];
}

export type WalEnd =
  /** The last record ends where the file does. */
  | { readonly kind: 'clean'; readonly offset: number }
  /** What follows is what a crash may leave, and recovery cuts it off. At byte 0 not even the header arrived. */
  | { readonly kind: 'torn'; readonly offset: number; readonly bytes: number; readonly problem: string }
  /** What follows had been durable once: recovery refuses it. */
  | { readonly kind: 'corrupt'; readonly offset: number; readonly bytes: number; readonly problem: string };

/**
 * The good records of the WAL with this file number; the result says how it ends. `newest` says that no newer WAL holds
 * a record: no other may be torn. `named` says that the MANIFEST names it: header and directory entry were durable before
 * that, so even a torn one has its header. Errors of the platform are passed on.
 */
export function* walkWal(
  file: VfsFile,
  number: number,
  newest: boolean,
  named = false,
): Generator<WalRecord, WalEnd> {
  const bytes = readWhole(file, 'recovery/wal.read');
  const verdict = judge(file.path, bytes, number, newest);
  let offset = WAL_HEADER_BYTES;
  let sequenceNext: number | undefined;
  while (offset < verdict.offset) {
    const decoding = decodeRecord(bytes, offset, number);
    if (decoding.kind !== 'record')
      throw new Error(`${file.path} has no record at byte ${offset}, yet was read.`);
    const { batch, durableBytes, end } = decoding;
    yield { offset, bytes: end - offset, durableBytes, ...batch };
    sequenceNext = batch.sequence + batch.writes.length;
    offset = end;
  }
  if (verdict.kind !== 'torn') return verdict;
  const problem = tornProblem(bytes, verdict.offset, number, sequenceNext);
  if (!named || verdict.offset >= WAL_HEADER_BYTES) return { ...verdict, problem };
  return { ...verdict, kind: 'corrupt', problem: `${problem}, yet the MANIFEST names this WAL` };
}

function judge(path: string, bytes: Uint8Array, number: number, newest: boolean): WalEnd {
  try {
    const { validBytes, torn } = readWal(fileOfBytes(path, bytes), number, newest);
    if (!torn) return { kind: 'clean', offset: validBytes };
    return { kind: 'torn', offset: validBytes, bytes: bytes.length - validBytes, problem: '' };
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    const offset = error.offset ?? 0;
    return { kind: 'corrupt', offset, bytes: bytes.length - offset, problem: problemOf(error) };
  }
}

/** The reader does not say why a tail is torn. */
function tornProblem(bytes: Uint8Array, offset: number, number: number, sequenceNext = 1): string {
  if (offset < WAL_HEADER_BYTES) return headerProblem(bytes, number) ?? 'the header did not arrive';
  const decoding = decodeRecord(bytes, offset, number);
  if (decoding.kind !== 'record') return decoding.problem;
  return `expected sequence number ${sequenceNext}, got ${decoding.batch.sequence}`;
}
