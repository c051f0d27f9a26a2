import { Cursor } from '../bytes/cursor.js';
import { decodeManifest } from '../manifest/encode.js';
import type { VfsFile } from '../vfs/vfs.js';
import { count, nameText } from './byte-text.js';
import { levelLines, levelsJson } from './show-levels.js';
import { type Shown, showFaults } from './shown.js';
import { readWhole } from './whole-file.js';

/**
 * What a MANIFEST says. One piece if it can be decoded, otherwise the fault; the result says which. `number` is the file
 * number, if the name of the file tells; otherwise the one in the file is believed.
 */
export function* showManifest(file: VfsFile, number: number | undefined): Generator<Shown, boolean> {
  const { path } = file;
  const decoded = yield* showFaults(path, 0, () => {
    const bytes = readWhole(file, 'recovery/manifest.read');
    const known = number ?? numberIn(bytes);
    return { number: known, bytes: bytes.length, version: decodeManifest(path, known, bytes) };
  });
  if (decoded === undefined) return false;
  const { bytes, version } = decoded;
  const { nextNumber, flushedSequence, walNumbers } = version;
  yield {
    text: () =>
      [
        `${nameText(path)}: MANIFEST ${decoded.number}, ${count(bytes, 'byte')}`,
        `next number ${nextNumber}, flushed sequence ${flushedSequence}`,
        `WALs: ${walNumbers.length === 0 ? 'none' : walNumbers.join(', ')}`,
        ...levelLines(version),
      ].join('\n'),
    json: () => ({
      kind: 'manifest',
      file: path,
      number: decoded.number,
      ...{ bytes, nextNumber, flushedSequence, walNumbers },
      levels: levelsJson(version),
    }),
  };
  return true;
}

/** The number in a MANIFEST that lies under any name; 0 if the file is too short to have one. */
function numberIn(bytes: Uint8Array): number {
  try {
    return new Cursor(bytes, Math.min(NUMBER_OFFSET, bytes.length)).u64();
  } catch {
    return 0;
  }
}

/** Behind magic and format version. */
const NUMBER_OFFSET = 5;
