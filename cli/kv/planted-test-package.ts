/**
 * For tests: the built command with a planted bug, one that only a kill shows. Its WAL is a buffered writer: records are
 * handed to the operating system fifty at a time and when the file is closed, and are acknowledged before that. So a
 * server that ends in good order has lost nothing, and one that is killed has lost what was in the buffer.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../harness/targets/target.js';

/** Makes it in `directory`, which must not exist; gives the path of its command. */
export function packageWithBufferedWal(directory: string): string {
  mkdirSync(directory);
  for (const name of ['dist', 'package.json', join('cli', 'ninelives.mjs')]) {
    cpSync(join(PACKAGE_ROOT, name), join(directory, name), { recursive: true });
  }
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(directory, 'node_modules'));
  const path = join(directory, 'dist', 'engine', 'vfs', 'node-vfs.js');
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, REPLACED.reduce(replace, sound));
  return join(directory, 'cli', 'ninelives.mjs');
}

const REPLACED = [
  [
    'append(bytes, _label) {',
    `held = [];
    append(bytes, label) {
        if (label === 'wal/append' && this.held.push(Buffer.from(bytes)) < 50) return;
        if (label === 'wal/append') bytes = Buffer.concat(this.held.splice(0));`,
  ],
  ['fs.closeSync(this.descriptor);', 'this.append(Buffer.concat(this.held)); fs.closeSync(this.descriptor);'],
] as const;

function replace(source: string, [sound, planted]: readonly [string, string]): string {
  const parts = source.split(sound);
  if (parts.length !== 2)
    throw new Error(`Expected ${sound} once in the build, got it ${parts.length - 1} times.`);
  return parts.join(planted);
}
