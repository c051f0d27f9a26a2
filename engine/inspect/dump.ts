import { checkedLimit, checkedRange, type KeyBounds } from '../arguments.js';
import { makeCatalog } from '../catalog/catalog.js';
import { corrupt } from '../errors.js';
import { pathOf } from '../filenames.js';
import { Memtable } from '../memtable/memtable.js';
import { DEFAULT_OPTIONS } from '../options.js';
import { visibleRange } from '../read-path.js';
import type { Pair } from '../scan.js';
import { BlockCache } from '../table/cache.js';
import type { Hashes } from '../table/hashes.js';
import { TableStore } from '../table-store.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';
import { checkPlace } from './check.js';
import { checkLogs } from './check-logs.js';
import type { Finding } from './finding.js';
import { guardedVfs, type ReadingFile } from './guarded-vfs.js';
import type { DatabaseView } from './view.js';

/**
 * What a recovery would find, pair by pair, without a recovery: the WALs are replayed into a memtable, and that is read
 * together with the tables by the engine's own read path. The memtable is as large as the WALs are; of the tables there
 * are index and filter in memory, and one block of each.
 *
 * Pairs in key order; their bytes are valid until the next one is asked for. ENGINE_CORRUPT where the engine would say
 * the same; pairs that came before it are right. Errors of the platform are passed on.
 */
export function* dumpPairs(view: DatabaseView, hashes: Hashes, range: DumpRange = {}): Generator<Pair> {
  const { from, before } = checkedRange(range);
  const limit = checkedLimit(range.limit);
  refuseFault(checkPlace(view));
  const memtable = new Memtable();
  refuseFault(checkLogs(view, (entry) => memtable.add(entry)));
  const { levels } = view.version;
  const tables = openTables(view, hashes);
  const active = { memtable, walNumber: 0 };
  const catalog = makeCatalog({ active, flushing: [], levels, manifestNumber: 0 });
  const entries = visibleRange(catalog, tables, Number.MAX_SAFE_INTEGER, {
    from,
    before,
    reverse: range.reverse === true,
  });
  for (let given = 0; given < limit; given++) {
    const entry = entries.next();
    if (entry === undefined) return;
    yield [entry.key, entry.value];
  }
}

export interface DumpRange extends KeyBounds {
  /** From the last key to the first. */
  readonly reverse?: boolean;
  /** Pairs at the most: a whole number from 0, or Infinity. */
  readonly limit?: number;
}

/** Runs a check to its end and throws its first fault. */
function refuseFault(findings: Generator<Finding, unknown>): void {
  for (const finding of findings) {
    if (finding.kind === 'fault') throw corrupt(finding.file, finding.offset, finding.what);
  }
}

function openTables(view: DatabaseView, hashes: Hashes): TableStore {
  const environment = {
    vfs: heldVfs(view),
    clock: { nowMs: () => 0, after: () => () => undefined },
    // Only for the filters of tables whose sidecars are bad: any seeds will do.
    randomUint32: () => 0,
    pause: async () => undefined,
  };
  const context = { environment, options: DEFAULT_OPTIONS, hashes };
  const tables = new TableStore(context, new BlockCache(0));
  for (const table of view.version.levels.flat()) tables.open(table);
  return tables;
}

/** The files that the view holds open, which may be deleted by now. To close one is the view's business. */
function heldVfs(view: DatabaseView): Vfs {
  const files = new Map<string, ReadingFile>();
  for (const { number, level } of view.version.levels.flat()) {
    for (const kind of ['table', 'bloom'] as const) {
      const held = view.file({ kind, number, level });
      if (held.kind === 'unreadable') throw corrupt(pathOf({ kind, number, level }), 0, held.problem);
      if (held.kind === 'open') files.set(pathOf({ kind, number, level }), keptOpen(held.file));
    }
  }
  return guardedVfs({
    open(path) {
      const file = files.get(path);
      if (file !== undefined) return file;
      throw Object.assign(new Error(`ENOENT: no such file, '${path}'`), { code: 'ENOENT' });
    },
    list: (directory, label) => view.vfs.list(directory, label),
  });
}

function keptOpen(file: VfsFile): ReadingFile {
  return {
    path: file.path,
    read: (offset, length, label) => file.read(offset, length, label),
    size: () => file.size(),
    close: () => undefined,
  };
}
