import type { EngineContext } from './context.js';
import type { BlockCache } from './table/cache.js';
import type { TableMeta } from './table/meta.js';
import { OpenFiles } from './table/open-files.js';
import { ReadCounters, type ReadStats } from './table/read-counters.js';
import { Table, type SharedByTables } from './table/reader.js';

/**
 * The open tables, by number. A table is opened once, before the first catalog that names it becomes current, and
 * closed when its file is deleted: whoever pins a catalog finds every table of it here. Its file need not be open all
 * that time (table/open-files.ts).
 */
export class TableStore {
  private readonly context: EngineContext;
  private readonly shared: SharedByTables;
  private readonly opened = new Map<number, Table>();

  constructor(context: EngineContext, cache: BlockCache) {
    this.context = context;
    const openFiles = new OpenFiles(context.environment.vfs, context.options.openFilesMax);
    this.shared = { cache, openFiles, counters: new ReadCounters() };
  }

  open(meta: TableMeta): Table {
    const table = Table.open(this.context, meta, this.shared, OPEN_LABELS);
    this.opened.set(meta.number, table);
    return table;
  }

  get(number: number): Table {
    const table = this.opened.get(number);
    if (table === undefined) throw new Error(`Table ${number} is named by a catalog but not open.`);
    return table;
  }

  close(number: number): void {
    this.opened.get(number)?.close();
    this.opened.delete(number);
  }

  closeAll(): void {
    for (const number of [...this.opened.keys()]) this.close(number);
  }

  /** A key was looked for, here or in a memtable. */
  countGet(): void {
    this.shared.counters.gets++;
  }

  /** Bytes of the tables that are on disk, those among them that only readers of older catalogs need. */
  get bytes(): number {
    let bytes = 0;
    for (const { meta } of this.opened.values()) bytes += meta.bytes;
    return bytes;
  }

  /** What the reads of all tables have cost up to now. */
  readStats(): ReadStats {
    const { cache, openFiles, counters } = this.shared;
    return { ...counters, cache: cache.stats, openFiles: openFiles.count };
  }
}

const OPEN_LABELS = { table: 'recovery/sst.read', filter: 'recovery/bloom.read' } as const;
