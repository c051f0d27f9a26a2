import { execa } from 'execa';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BatchWrite, Engine, type EngineOptions, nodeEnvironment } from '../../engine/index.js';
import { COMMAND, CommandPlace } from '../cli-test-run.js';

/** For tests: real databases on disk, and `ninelives kv` as a user runs it, as a process of its own. */
export class KvPlace extends CommandPlace {
  /** Path in the place of the tests. */
  path(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  async kv(...words: readonly string[]) {
    return await this.run('kv', ...words);
  }

  /** With these bytes on standard input. */
  async kvWithInput(input: string | Uint8Array, ...words: readonly string[]) {
    return await execa(process.execPath, [COMMAND, 'kv', ...words], {
      ...{ cwd: this.directory, input, reject: false, env: { NO_COLOR: '1' } },
    });
  }

  /** Opens a database with limits so small that a few writes make several levels. */
  async open(name: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
    return await Engine.open(nodeEnvironment(this.path(name)), { ...SMALL, ...options });
  }

  /** A database that was closed, with tables in several levels and writes in its WAL. */
  async make(name: string, options: Partial<EngineOptions> = {}): Promise<void> {
    const engine = await this.open(name, options);
    for (let index = 0; index < 60; index++) await engine.write(writeOf(index));
    await engine.settled();
    await engine.put(Buffer.from('tail'), Buffer.from('in the WAL'));
    await engine.close();
  }

  /** All that stat and read say of a directory and everything below it, but when it was last looked at. */
  snapshot(name: string): readonly string[] {
    const root = this.path(name);
    const names = (readdirSync(root, { recursive: true }) as string[]).sort();
    return ['', ...names].map((below) => {
      const path = join(root, below);
      const { ino, mode, nlink, size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
      const bytes = (mode & 0o170_000n) === 0o100_000n ? readFileSync(path).toString('base64') : '';
      return [below, ino, mode, nlink, size, mtimeNs, ctimeNs, bytes].join(' ');
    });
  }
}

/** Every command that only looks; the last word is the directory. */
export const LOOKS: readonly (readonly string[])[] = [
  ['inspect', 'wal', '--values'],
  ['inspect', 'sst', '--entries', '--values'],
  ['inspect', 'manifest'],
  ['inspect', 'tree'],
  ['check'],
  ['dump'],
];

const SMALL: Partial<EngineOptions> = {
  memtableEntriesMax: 10,
  tableEntriesMax: 8,
  blockBytes: 128,
  l0TablesMax: 3,
  l1TablesMax: 2,
  levelRatio: 2,
};

function writeOf(index: number): readonly BatchWrite[] {
  const key = Buffer.from(`k${String((index * 7) % 30).padStart(2, '0')}`);
  return index % 9 === 8
    ? [{ kind: 'delete', key }]
    : [{ kind: 'put', key, value: Buffer.from(`v${index}`) }];
}
