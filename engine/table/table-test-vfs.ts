import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import type { Environment } from '../environment.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';
import { BlockCache } from './cache.js';
import { loadHashes, type Hashes } from './hashes.js';
import { OpenFiles } from './open-files.js';
import { ReadCounters } from './read-counters.js';
import type { SharedByTables } from './reader.js';

/**
 * For tests only: files in a map, and every labelled call written down. It has no crashes and no directories worth
 * the name; what it does promise is that a missing file is ENOENT and that a second `create` is EEXIST.
 */
export interface TestEnvironment {
  readonly environment: Environment;
  readonly options: EngineOptions;
  readonly hashes: Hashes;
  /** Contents by path; tests replace them to do damage. */
  readonly files: Map<string, Uint8Array>;
  /** `label path` of every call, in order. */
  readonly calls: string[];
  /** How often the engine let others run. */
  readonly pauses: () => number;
}

const hashes = await loadHashes();

/** An empty world whose randomness is a fixed sequence; also the context that tables are made with. */
export function makeTestEnvironment(options: Partial<EngineOptions> = {}): TestEnvironment {
  const files = new Map<string, Uint8Array>();
  const calls: string[] = [];
  let pauses = 0;
  let random = 1;
  const environment: Environment = {
    vfs: makeVfs(files, calls),
    clock: { nowMs: () => 0, after: () => () => undefined },
    randomUint32: () => (random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0),
    pause: async () => void pauses++,
  };
  return {
    environment,
    options: { ...DEFAULT_OPTIONS, ...options },
    hashes,
    files,
    calls,
    pauses: () => pauses,
  };
}

/** What tables of such a world share: a cache of its size, or of the one given. */
export function makeShared(
  { environment, options }: Pick<TestEnvironment, 'environment' | 'options'>,
  cacheBytes = options.blockCacheBytes,
): SharedByTables {
  return {
    cache: new BlockCache(cacheBytes),
    openFiles: new OpenFiles(environment.vfs, options.openFilesMax),
    counters: new ReadCounters(),
  };
}

function makeVfs(files: Map<string, Uint8Array>, calls: string[]): Vfs {
  const note = (label: string, path: string) => void calls.push(`${label} ${path}`);
  return {
    create(path, label) {
      note(label, path);
      if (files.has(path)) throw platformError('EEXIST', path);
      files.set(path, new Uint8Array(0));
      return makeFile(files, path, note);
    },
    open(path, label) {
      note(label, path);
      if (!files.has(path)) throw platformError('ENOENT', path);
      return makeFile(files, path, note);
    },
    rename(from, to, label) {
      note(label, from);
      files.set(to, contents(files, from));
      files.delete(from);
    },
    unlink(path, label) {
      note(label, path);
      if (!files.delete(path)) throw platformError('ENOENT', path);
    },
    list(directory, label) {
      note(label, directory);
      const start = directory === '' ? '' : `${directory}/`;
      const inside = [...files.keys()].filter((path) => path.startsWith(start));
      return [...new Set(inside.map((path) => path.slice(start.length).split('/')[0] ?? ''))].sort();
    },
    makeDirectory: (path, label) => note(label, path),
    syncDirectory: async (path, label) => note(label, path),
    lock: (path, label) => {
      note(label, path);
      return { release: (releaseLabel) => note(releaseLabel, path) };
    },
  };
}

function makeFile(
  files: Map<string, Uint8Array>,
  path: string,
  note: (label: string, path: string) => void,
): VfsFile {
  let closed = false;
  const bytesNow = () => {
    if (closed) throw platformError('EBADF', path);
    return contents(files, path);
  };
  return {
    path,
    append(bytes, label) {
      note(label, path);
      files.set(path, Buffer.concat([bytesNow(), bytes]));
    },
    read(offset, length, label) {
      note(label, path);
      return Uint8Array.from(bytesNow().subarray(offset, offset + length));
    },
    size: () => bytesNow().length,
    truncate(length, label) {
      note(label, path);
      files.set(path, bytesNow().subarray(0, length));
    },
    async sync(label) {
      note(label, path);
      bytesNow();
    },
    close() {
      if (closed) throw platformError('EBADF', path);
      closed = true;
    },
  };
}

function contents(files: Map<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw platformError('ENOENT', path);
  return bytes;
}

function platformError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
