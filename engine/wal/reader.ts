import { corrupt } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import { WAL_HEADER_BYTES, decodeRecord, headerProblem, type WalBatch } from './record.js';
import { findRecordAfter } from './search.js';

/**
 * Reads a write-ahead log after a restart, and decides whether a bad end is a torn tail or corruption.
 *
 * A crash may cut the newest WAL anywhere, or leave zeros where bytes had not arrived. That is a **torn tail**: the
 * record was never acknowledged, so it is dropped. It can be nothing else than the last thing in the newest file.
 * A bad record in an older WAL, one that is followed by a good record, and a hole in the sequence numbers are
 * **corruption**: what they held may have been acknowledged, so nothing is skipped and opening fails.
 *
 * What cannot be told apart: damage to the very last record of the newest WAL looks like a torn tail.
 */
export interface WalContents {
  /** In commit order, without holes. Keys and values are views on one buffer that holds the whole file. */
  readonly batches: readonly WalBatch[];
  /** Where the good part ends; if `torn`, cut the file here before appending (0: the header is missing, too). */
  readonly validBytes: number;
  readonly torn: boolean;
}

/**
 * `number` is the file number, `newest` is true for the last WAL only: no other may be torn. Throws ENGINE_CORRUPT
 * with the file and the offset where the damage begins; errors of the file are passed on.
 */
export function readWal(file: VfsFile, number: number, newest: boolean): WalContents {
  const bytes = readWhole(file);
  const batches: WalBatch[] = [];
  if (bytes.length < WAL_HEADER_BYTES) {
    if (newest) return { batches, validBytes: 0, torn: true };
    throw corrupt(
      file.path,
      0,
      `a WAL that is not the newest has only ${bytes.length} bytes, less than a header`,
    );
  }
  // The size of a file may reach the disk before its bytes: until the first sync even the header may be zeros.
  if (newest && bytes.every((byte) => byte === 0)) return { batches, validBytes: 0, torn: true };
  const problem = headerProblem(bytes.subarray(0, WAL_HEADER_BYTES), number);
  if (problem !== undefined) throw corrupt(file.path, 0, problem);

  let offset = WAL_HEADER_BYTES;
  let sequenceNext: number | undefined;
  while (offset < bytes.length) {
    const decoding = decodeRecord(bytes, offset);
    switch (decoding.kind) {
      case 'record': {
        const { sequence, writes } = decoding.batch;
        if (sequenceNext !== undefined && sequence !== sequenceNext) {
          throw corrupt(file.path, offset, `expected sequence number ${sequenceNext}, got ${sequence}`);
        }
        batches.push(decoding.batch);
        sequenceNext = sequence + writes.length;
        offset = decoding.end;
        break;
      }
      case 'malformed':
        throw corrupt(file.path, offset, decoding.problem);
      case 'bad':
        if (!newest) throw corrupt(file.path, offset, `${decoding.problem}, in a WAL that is not the newest`);
        requireTail(file.path, bytes, offset, sequenceNext ?? 1, decoding.problem);
        return { batches, validBytes: offset, torn: true };
    }
  }
  return { batches, validBytes: offset, torn: false };
}

/** Throws unless the bad record at `offset` is the last thing in the file. */
function requireTail(
  path: string,
  bytes: Uint8Array,
  offset: number,
  sequenceMin: number,
  problem: string,
): void {
  const search = findRecordAfter(bytes, offset, sequenceMin);
  switch (search.kind) {
    case 'none':
      return;
    case 'found':
      throw corrupt(path, offset, `${problem}, yet a good record follows at byte ${search.offset}`);
    case 'unclear':
      throw corrupt(path, offset, `${problem}, and it is unclear whether good records follow`);
  }
}

/** Bytes asked for in one call; a single read(2) does not give more than 2 GiB. */
const READ_BYTES_MAX = 1 << 28;

function readWhole(file: VfsFile): Uint8Array {
  const size = file.size();
  if (size <= READ_BYTES_MAX) return file.read(0, size, 'recovery/wal.read');
  const whole = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const piece = file.read(length, Math.min(READ_BYTES_MAX, size - length), 'recovery/wal.read');
    if (piece.length === 0) break;
    whole.set(piece, length);
    length += piece.length;
  }
  return whole.subarray(0, length);
}
