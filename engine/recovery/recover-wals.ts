import type { LoggedMemtable } from '../catalog/catalog.js';
import type { Environment } from '../environment.js';
import { corrupt } from '../errors.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import { Memtable } from '../memtable/memtable.js';
import type { Version } from '../manifest/version.js';
import { readWal, type WalContents } from '../wal/reader.js';
import { encodeHeader, headerProblem, WAL_HEADER_BYTES } from '../wal/record.js';
import type { VfsFile } from '../vfs/vfs.js';

/**
 * Rebuilds the memtables from the WALs, oldest first, one memtable a WAL. A WAL is live from the lowest number that
 * the MANIFEST names upwards: memtables are flushed in order, so the unflushed ones are always the newest. Every
 * WAL that the MANIFEST names must be there, and the sequence numbers must go on without a gap from the newest
 * flushed one: a gap means that acknowledged writes are gone, and that is an error, not a smaller database.
 *
 * Only the newest WAL may have a torn tail, which is cut off. Torn or not, the newest WAL is synced before recovery
 * makes a newer one: after a SIGKILL its last writes are in the page cache only, and from then on a bad tail in it
 * would be damage, and a lost one would take away what readers have been shown. The older ones were synced before
 * the next one was made, and no WAL held a record before its directory entry was durable.
 */
export async function recoverWals(
  environment: Environment,
  version: Version,
  files: readonly DatabaseFile[],
): Promise<{ readonly memtables: readonly LoggedMemtable[]; readonly sequence: number }> {
  const present = files.flatMap((file) => (file.kind === 'wal' ? [file.number] : [])).sort((a, b) => a - b);
  for (const number of version.walNumbers) requireNamed(environment, number, present);
  const live = present.filter((number) => number >= (version.walNumbers[0] ?? 0));
  const memtables: LoggedMemtable[] = [];
  let sequence = version.flushedSequence;
  for (const [index, walNumber] of live.entries()) {
    const contents = await readAndRepair(environment, walNumber, index === live.length - 1);
    const memtable = new Memtable();
    sequence = replay(contents, memtable, sequence, pathOf({ kind: 'wal', number: walNumber }));
    if (!memtable.isEmpty) memtables.push({ memtable, walNumber });
  }
  return { memtables, sequence };
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

async function readAndRepair({ vfs }: Environment, number: number, newest: boolean): Promise<WalContents> {
  const file = vfs.open(pathOf({ kind: 'wal', number }), 'recovery/wal.read');
  try {
    const contents = readWal(file, number, newest);
    if (contents.torn) repair(file, number, contents.validBytes);
    if (newest) await file.sync('recovery/wal.fsync');
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
      throw corrupt(
        path,
        0,
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
