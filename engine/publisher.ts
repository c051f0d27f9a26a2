import { type Catalog, type LoggedMemtable, makeCatalog, walNumbersOf } from './catalog/catalog.js';
import type { Catalogs } from './catalog/catalogs.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import type { Health } from './health.js';
import { publishManifest } from './manifest/publish.js';
import { editLevels, type VersionEdit } from './manifest/version.js';
import type { TableMeta } from './table/meta.js';
import type { TableStore } from './table-store.js';
import { settleTables } from './write-tables.js';

/**
 * Turns finished tables into the next version: opens them, publishes the MANIFEST that names them, and only then
 * makes the catalog that uses them current. One publication at a time; flush and compaction both come here.
 */
export class Publisher {
  private readonly context: EngineContext;
  private readonly numbers: FileNumbers;
  private readonly catalogs: Catalogs;
  private readonly tables: TableStore;
  private readonly health: Health;
  private flushedSequence: number;
  private last: Promise<void> = Promise.resolve();

  constructor(
    context: EngineContext,
    numbers: FileNumbers,
    catalogs: Catalogs,
    tables: TableStore,
    health: Health,
    flushedSequence: number,
  ) {
    this.context = context;
    this.numbers = numbers;
    this.catalogs = catalogs;
    this.tables = tables;
    this.health = health;
    this.flushedSequence = flushedSequence;
  }

  /** `flushed` is the memtable whose entries the added tables hold: it and its WAL are no longer needed. */
  publish(edit: VersionEdit, flushed?: LoggedMemtable): Promise<void> {
    const turn = this.last.then(() => this.publishNow(edit, flushed));
    // One that fails makes the engine read-only before the next one has its turn, which is then refused.
    this.last = turn.catch((error: unknown) => void this.health.fail(error));
    return turn;
  }

  private async publishNow(edit: VersionEdit, flushed: LoggedMemtable | undefined): Promise<void> {
    const { environment } = this.context;
    await this.openTables(edit.added);
    // To sync the directory again after a sync of it has failed would prove nothing.
    this.health.checkWritable();
    const levels = editLevels(this.catalogs.current.levels, edit);
    const number = this.numbers.take();
    const files = [
      { kind: 'manifest', number },
      { kind: 'manifest-tmp', number },
    ] as const;
    this.numbers.begin(...files);
    const flushedSequence = Math.max(this.flushedSequence, edit.flushedSequence ?? 0);
    await publishManifest(environment, number, {
      levels,
      walNumbers: walNumbersOf(without(this.catalogs.current, flushed)),
      nextNumber: this.numbers.nextNumber,
      flushedSequence,
    });
    // Another part may have failed meanwhile, perhaps in the same directory: then nobody relies on this version.
    this.health.checkWritable();
    this.flushedSequence = flushedSequence;
    // Writers may have rotated meanwhile: take their memtables as they are now.
    this.catalogs.replace(
      makeCatalog({ ...without(this.catalogs.current, flushed), levels, manifestNumber: number }),
    );
    this.numbers.settle(...files);
    settleTables(this.numbers, edit.added);
  }

  private async openTables(added: readonly TableMeta[]): Promise<void> {
    for (const [index, table] of added.entries()) {
      if (index % OPENED_AT_ONCE === OPENED_AT_ONCE - 1) await this.context.environment.pause();
      this.tables.open(table);
    }
  }
}

/** Each costs half a millisecond, for its index and its filter. */
const OPENED_AT_ONCE = 8;

function without(catalog: Catalog, flushed: LoggedMemtable | undefined): Catalog {
  return { ...catalog, flushing: catalog.flushing.filter((logged) => logged !== flushed) };
}
