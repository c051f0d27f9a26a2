import { Cursor, CursorError } from '../bytes/cursor.js';
import { corrupt } from '../errors.js';
import { decodeManifest } from '../manifest/encode.js';
import type { Version } from '../manifest/version.js';
import type { VfsFile } from '../vfs/vfs.js';
import { readWhole } from './whole-file.js';

/**
 * Reads a MANIFEST by the engine's own decoder, after a look at how many WALs and tables it says to name: the decoder makes
 * an object for each, and one of a few bytes in the file takes a hundred times as much in memory. Whether the rest makes
 * sense is not asked here (check-version.ts).
 */
export function readManifest(file: VfsFile, number: number | undefined): ManifestContent {
  const bytes = readWhole(file, 'recovery/manifest.read');
  refuseCounts(file.path, bytes);
  const known = number ?? numberIn(bytes);
  return { number: known, bytes: bytes.length, version: decodeManifest(file.path, known, bytes) };
}

export interface ManifestContent {
  /** The file number given, or without one that in the file. */
  readonly number: number;
  /** Size of the file. */
  readonly bytes: number;
  readonly version: Version;
}

/** What is no MANIFEST in any other way is left to the decoder. */
function refuseCounts(path: string, bytes: Uint8Array): void {
  const cursor = new Cursor(bytes, Math.min(WALS_OFFSET, bytes.length));
  try {
    for (let wals = boundedCount(path, cursor, 'WALs'); wals > 0; wals--) cursor.varint();
    boundedCount(path, cursor, 'tables');
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
  }
}

function boundedCount(path: string, cursor: Cursor, what: string): number {
  const start = cursor.position;
  const count = cursor.varint();
  if (count <= COUNT_MAX) return count;
  throw corrupt(path, start, `it names ${count} ${what}, more than any database has (${COUNT_MAX})`);
}

/** The number in a MANIFEST that lies under any name; 0 if the file is too short to have one. */
function numberIn(bytes: Uint8Array): number {
  try {
    return new Cursor(bytes, Math.min(NUMBER_OFFSET, bytes.length)).u64();
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    return 0;
  }
}

/** Behind magic and format version; and behind that number, the next one and the flushed sequence. */
const [NUMBER_OFFSET, WALS_OFFSET] = [5, 29];

/** A million tables of the usual 2 MiB are two terabytes. */
const COUNT_MAX = 1_000_000;
