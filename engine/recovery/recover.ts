import { type Catalog, filesOf, makeCatalog } from '../catalog/catalog.js';
import type { EngineContext } from '../context.js';
import { corrupt } from '../errors.js';
import { FileNumbers } from '../file-numbers.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import { writeMemtable } from '../flush.js';
import { decodeManifest } from '../manifest/encode.js';
import { publishManifest } from '../manifest/publish.js';
import { editLevels, EMPTY_VERSION, type Version } from '../manifest/version.js';
import { Memtable } from '../memtable/memtable.js';
import type { TableStore } from '../table-store.js';
import { WalWriter } from '../wal/writer.js';
import { settleTables } from '../write-tables.js';
import { deleteOrphans, highestNumber, listDatabase, makeDirectories } from './directory.js';
import { deleteLeftovers } from './leftovers.js';
import { rebuildFilters } from './rebuild-filters.js';
import { holdsNoRecord, recoverWals } from './recover-wals.js';

/**
 * From a directory that anything may have happened to, to a running database:
 *
 * 1. read the newest published MANIFEST and open every table that it names;
 * 2. replay the WALs, delete what openings before this one have left, and write what the WALs hold as tables of L0;
 * 3. make a new WAL and publish a new MANIFEST that names it and the tables, and none of the old WALs;
 * 4. delete what the new MANIFEST does not name, and nothing else.
 *
 * The old WALs are not used on, and no reader is shown what only they hold: after a failed fsync the page cache shows
 * bytes that no later fsync will write (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020),
 * and nobody knows whether the process before us had one. LevelDB does the same.
 *
 * Nothing that the MANIFEST names and no WAL with a record is deleted before step 3 is durable, so an interrupted recovery
 * starts again from the same state: the tables are orphans then, and a new WAL without records changes nothing. The number counter starts above every number that
 * was seen, so no number is given twice.
 */
export async function recover(context: EngineContext, tables: TableStore): Promise<Recovered> {
  const { environment } = context;
  const { vfs } = environment;
  await makeDirectories(vfs);
  const files = listDatabase(vfs);
  const version = readNewestManifest(context, files);
  const numbers = new FileNumbers(Math.max(version.nextNumber, highestNumber(files) + 1));
  const opened = version.levels.flat().map((meta) => tables.open(meta));
  await rebuildFilters(context, opened);
  const { memtable, sequence } = await recoverWals(environment, version, files);
  const leftoversDeleted = await deleteLeftovers(vfs, files, version);
  const added = await writeMemtable(context, numbers, memtable, []);
  for (const table of added) tables.open(table);
  const wal = await WalWriter.create(environment, numbers.take());
  try {
    const catalog = makeCatalog({
      active: { memtable: new Memtable(), walNumber: wal.number },
      flushing: [],
      levels: editLevels(version.levels, { added, removed: [] }),
      manifestNumber: numbers.take(),
    });
    await publishManifest(environment, catalog.manifestNumber, {
      levels: catalog.levels,
      walNumbers: [wal.number],
      nextNumber: numbers.nextNumber,
      flushedSequence: sequence,
    });
    settleTables(numbers, added);
    // Listed again, so that it does not matter what recovery itself has made or removed.
    const orphansDeleted = deleteOrphans(vfs, listDatabase(vfs), liveIn(catalog));
    return { catalog, numbers, wal, sequence, orphansDeleted: leftoversDeleted + orphansDeleted };
  } catch (error) {
    wal.close();
    throw error;
  }
}

export interface Recovered {
  readonly catalog: Catalog;
  readonly numbers: FileNumbers;
  readonly wal: WalWriter;
  /** The newest sequence number in use, which is the newest in the tables. */
  readonly sequence: number;
  readonly orphansDeleted: number;
}

function readNewestManifest(context: EngineContext, files: readonly DatabaseFile[]): Version {
  const manifests = files.filter((file) => file.kind === 'manifest');
  const number = highestNumber(manifests);
  if (number === 0) {
    refuseWithoutManifest(context, files);
    return EMPTY_VERSION;
  }
  const path = pathOf({ kind: 'manifest', number });
  const file = context.environment.vfs.open(path, 'recovery/manifest.read');
  try {
    return decodeManifest(path, number, file.read(0, file.size(), 'recovery/manifest.read'));
  } finally {
    file.close();
  }
}

/** Without a MANIFEST a directory is new, unless it holds data: then the MANIFEST is what was lost. */
function refuseWithoutManifest({ environment }: EngineContext, files: readonly DatabaseFile[]): void {
  for (const file of files) {
    if (file.kind === 'manifest-tmp' || file.kind === 'manifest') continue;
    // A first open that was killed leaves a WAL that holds no record yet.
    if (file.kind === 'wal' && holdsNoRecord(environment.vfs, file.number)) continue;
    throw corrupt(
      pathOf(file),
      0,
      'there is data but no MANIFEST: the MANIFEST is lost, restore it from a copy',
    );
  }
}

function liveIn(catalog: Catalog): (file: DatabaseFile) => boolean {
  const live = new Set(filesOf(catalog).map(pathOf));
  return (file) => live.has(pathOf(file));
}
