import { constants } from 'node:buffer';
import { corrupt, EngineError } from '../errors.js';
import type { ReadLabel } from '../vfs/step.js';
import type { VfsFile } from '../vfs/vfs.js';

/** All bytes of a file. ENGINE_CORRUPT if there are more than a file of its kind can have, before memory is taken. */
export function readWhole(file: VfsFile, label: ReadLabel, bytesMax = BYTES_MAX): Uint8Array {
  const size = file.size();
  if (size > bytesMax) {
    throw corrupt(file.path, bytesMax, `expected at most ${bytesMax} bytes, got a file of ${size}`);
  }
  return file.read(0, size, label);
}

/** The engine reads such files in one piece, too, so it cannot have more. */
const BYTES_MAX = Math.min(constants.MAX_LENGTH, 2 ** 32) - 1;

/** Bytes in memory as a file, so that the engine's own readers can be asked about them. */
export function fileOfBytes(path: string, bytes: Uint8Array): VfsFile {
  return {
    path,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    size: () => bytes.length,
    append: refuse,
    truncate: refuse,
    sync: refuse,
    close: () => undefined,
  };
}

/** What is wrong, without the file and the offset that the text of an ENGINE_CORRUPT begins with. */
export function problemOf(error: EngineError): string {
  const prefix = `${error.file ?? ''} at byte ${error.offset ?? 0}: `;
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
}

export function isCorrupt(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === 'ENGINE_CORRUPT';
}

function refuse(): never {
  throw new Error('Expected a file to be read only; these bytes are a copy in memory.');
}
