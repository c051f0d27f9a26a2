import { corrupt } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import { WAL_HEADER_BYTES, decodeRecord, headerProblem, type WalBatch, type WalDecoding } from './record.js';
import { findWitness } from './search.js';

/**
 * Reads a write-ahead log after a restart, and decides whether a bad end is a torn tail or corruption.
 *
 * A crash may cut the newest WAL anywhere behind its last sync, and a power loss may write the pages behind it in any
 * order: what is bad may be zeros, garbage or what another file left there, and good records may follow. That is a
 * **torn tail**: nobody was told that the bad record is durable. The tail begins at the first bad record, and all of
 * it is dropped, good records too, since they must not be there without the ones before them.
 *
 * A bad record that had been durable is **corruption**: nothing is skipped and opening fails. It had been if a good
 * record behind it says so (search.ts), and everything in an older WAL had been before the next one was made.
 *
 * What cannot be told apart: damage behind all that the records of the newest WAL know to be durable looks like a torn
 * tail. After a clean close that is the last record only, which holds no writes.
 */
export interface WalContents {
  /** In commit order, without holes. Keys and values are views on one buffer that holds the whole file. */
  readonly batches: readonly WalBatch[];
  /** Where the good part ends; if `torn`, cut the file here before appending (0: the header is missing, too). */
  readonly validBytes: number;
  readonly torn: boolean;
}

/**
 * `number` is the file number, `newest` says that no newer WAL holds a record: no other may be torn. Throws ENGINE_CORRUPT
 * with the file and the offset where the damage begins; errors of the file are passed on.
 */
export function readWal(file: VfsFile, number: number, newest: boolean): WalContents {
  const bytes = readWhole(file);
  const batches: WalBatch[] = [];
  const problem = headerProblem(bytes, number);
  if (problem !== undefined) {
    // The header is durable before the first record is written: one that is the end of its file may not have arrived.
    if (newest && bytes.length <= WAL_HEADER_BYTES) return { batches, validBytes: 0, torn: true };
    throw corrupt(file.path, 0, problem);
  }
  let offset = WAL_HEADER_BYTES;
  let sequenceNext: number | undefined;
  while (offset < bytes.length) {
    const decoding = decodeNext(bytes, offset, number, sequenceNext);
    switch (decoding.kind) {
      case 'record': {
        const { sequence, writes } = decoding.batch;
        if (writes.length > 0) batches.push(decoding.batch);
        sequenceNext = sequence + writes.length;
        offset = decoding.end;
        break;
      }
      case 'malformed':
        throw corrupt(file.path, offset, decoding.problem);
      case 'bad':
        if (!newest) throw corrupt(file.path, offset, `${decoding.problem}, in a WAL that is not the newest`);
        refuseWitness(file.path, bytes, offset, number, sequenceNext ?? 1, decoding.problem);
        return { batches, validBytes: offset, torn: true };
    }
  }
  return { batches, validBytes: offset, torn: false };
}

/** A record that does not go on where the one before it ended is as bad here as one that is no record. */
function decodeNext(
  bytes: Uint8Array,
  offset: number,
  number: number,
  sequenceNext: number | undefined,
): WalDecoding {
  const decoding = decodeRecord(bytes, offset, number);
  if (decoding.kind !== 'record' || sequenceNext === undefined) return decoding;
  const { sequence } = decoding.batch;
  if (sequence === sequenceNext) return decoding;
  return { kind: 'bad', problem: `expected sequence number ${sequenceNext}, got ${sequence}` };
}

/** Throws if the bad record at `offset` had been durable, or if that cannot be found out. */
function refuseWitness(
  path: string,
  bytes: Uint8Array,
  offset: number,
  number: number,
  sequenceMin: number,
  problem: string,
): void {
  const search = findWitness(bytes, offset, number, sequenceMin);
  switch (search.kind) {
    case 'none':
      return;
    case 'found':
      throw corrupt(path, offset, `${problem}, yet the record at byte ${search.offset} knows it as durable`);
    case 'unclear':
      throw corrupt(path, offset, `${problem}, and it is unclear whether it had been durable`);
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
