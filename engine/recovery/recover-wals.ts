import type { Environment } from '../environment.js';
import { corrupt } from '../errors.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import { Memtable } from '../memtable/memtable.js';
import type { Version } from '../manifest/version.js';
import { readWal, type WalContents } from '../wal/reader.js';
import { encodeHeader, headerProblem, WAL_HEADER_BYTES } from '../wal/record.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';

/**
 * Rebuilds one memtable from all of the WALs, oldest first. A WAL is live from the lowest number that the MANIFEST
 * names upwards: memtables are flushed in order, so the unflushed ones are always the newest. Every WAL that the
 * MANIFEST names must be there, and the sequence numbers must go on without a gap from the newest flushed one: a gap
 * means that acknowledged writes are gone, and that is an error, not a smaller database.
 *
 * The log ends in the newest WAL that holds a record, which may have a torn tail. An older one may not: a rotation had
 * synced it before the next WAL had a record. Newer ones without a record are what a rotation or a recovery leaves
 * that died too early, and prove nothing: recovery makes a new WAL while the pages of the old one may be lies.
 *
 * A torn tail is cut off, and the file synced. Nothing relies on that, since a sync that an earlier one has failed
 * before writes nothing: recovery relies only on the tables that it writes itself.
 */
export async function recoverWals(
  environment: Environment,
  version: Version,
  files: readonly DatabaseFile[],
): Promise<{ readonly memtable: Memtable; readonly sequence: number }> {
  const present = files.flatMap((file) => (file.kind === 'wal' ? [file.number] : [])).sort((a, b) => a - b);
  for (const number of version.walNumbers) requireNamed(environment, number, present);
  const live = present.filter((number) => number >= (version.walNumbers[0] ?? 0));
  const last = live.findLast((number) => !holdsNoRecord(environment.vfs, number)) ?? 0;
  const memtable = new Memtable();
  let sequence = version.flushedSequence;
  for (const number of live) {
    const contents = await readAndRepair(environment, number, number >= last);
    sequence = replay(contents, memtable, sequence, pathOf({ kind: 'wal', number }));
  }
  return { memtable, sequence };
}

/** Whether a WAL ends with its header, or before. */
export function holdsNoRecord(vfs: Vfs, number: number): boolean {
  const file = vfs.open(pathOf({ kind: 'wal', number }), 'recovery/wal.read');
  try {
    return file.size() <= WAL_HEADER_BYTES;
  } finally {
    file.close();
  }
}

/** A WAL was synced, header and directory entry, before any MANIFEST named it. */
function requireNamed({ vfs }: Environment, number: number, present: readonly number[]): void {
  const path = pathOf({ kind: 'wal', number });
  if (!present.includes(number)) {
    throw corrupt(path, 0, 'the MANIFEST names this WAL, but it is not there');
  }
  const file = vfs.open(path, 'recovery/wal.read');
  try {
    const problem = headerProblem(file.read(0, WAL_HEADER_BYTES, 'recovery/wal.read'), number);
    if (problem !== undefined) throw corrupt(path, 0, `${problem}, yet the MANIFEST names this WAL`);
  } finally {
    file.close();
  }
}

async function readAndRepair({ vfs }: Environment, number: number, mayBeTorn: boolean): Promise<WalContents> {
  const file = vfs.open(pathOf({ kind: 'wal', number }), 'recovery/wal.read');
  try {
    const contents = readWal(file, number, mayBeTorn);
    if (contents.torn) repair(file, number, contents.validBytes);
    if (mayBeTorn) await file.sync('recovery/wal.fsync');
    return contents;
  } finally {
    file.close();
  }
}

/**
 * Cuts a torn tail off. Where not even the header arrived it is written anew: to delete the file instead would let
 * a recovery that dies here give its number away a second time.
 */
function repair(file: VfsFile, number: number, validBytes: number): void {
  file.truncate(validBytes, 'recovery/wal.truncate');
  if (validBytes === 0) file.append(encodeHeader(number), 'wal/header');
}

function replay(contents: WalContents, memtable: Memtable, before: number, path: string): number {
  let sequence = before;
  for (const batch of contents.batches) {
    if (batch.sequence !== sequence + 1) {
      // Inside of a file the reader has looked at that, so this is the first record.
      throw corrupt(
        path,
        WAL_HEADER_BYTES,
        `expected a record with sequence ${sequence + 1}, got ${batch.sequence}: writes are missing`,
      );
    }
    for (const write of batch.writes) {
      const value = write.kind === 'value' ? write.value : new Uint8Array(0);
      memtable.add({ key: write.key, sequence: ++sequence, kind: write.kind, value });
    }
  }
  return sequence;
}
