import type { VfsFile } from '../vfs/vfs.js';
import { count, nameText } from './byte-text.js';
import { readManifest } from './manifest-file.js';
import { levelLines, levelsJson } from './show-levels.js';
import { type Shown, showFaults } from './shown.js';

/**
 * What a MANIFEST says. One piece if it can be decoded, otherwise the fault; the result says which. `number` is the file
 * number, if the name of the file tells; otherwise the one in the file is believed.
 */
export function* showManifest(file: VfsFile, number: number | undefined): Generator<Shown, boolean> {
  const { path } = file;
  const decoded = yield* showFaults(path, 0, () => readManifest(file, number));
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
