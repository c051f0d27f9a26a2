import type { Catalogs } from '../catalog/catalogs.js';
import type { EngineContext } from '../context.js';
import type { FileNumbers } from '../file-numbers.js';
import { levelDirectory } from '../filenames.js';
import { concatenateEntries } from '../iterator/concatenate.js';
import { mergeEntries } from '../iterator/merge.js';
import type { Publisher } from '../publisher.js';
import type { TableMeta } from '../table/meta.js';
import type { TableStore } from '../table-store.js';
import { writeTables } from '../write-tables.js';
import { type Compaction, olderRuns } from './compaction.js';
import { OlderTables } from './older.js';
import { retainVisible } from './retain.js';

/**
 * Merges the inputs of a compaction into tables of its output level and publishes the exchange as one version. The
 * inputs stay readable until the last reader that pins them is gone. Gives the tables that were made.
 */
export async function runCompaction(
  context: EngineContext,
  numbers: FileNumbers,
  catalogs: Catalogs,
  publisher: Publisher,
  tables: TableStore,
  snapshots: readonly number[],
  compaction: Compaction,
): Promise<readonly TableMeta[]> {
  const { vfs } = context.environment;
  const { inputs, outputLevel, outputRun, phase } = compaction;
  const { catalog, release } = catalogs.pin();
  try {
    if (outputLevel >= catalog.levels.length) {
      vfs.makeDirectory(levelDirectory(outputLevel), `${phase}/mkdir`);
      await vfs.syncDirectory('', `${phase}/dir.fsync`);
    }
    const older = new OlderTables(olderRuns(catalog.levels, compaction));
    const sources = inputs.map((run) =>
      concatenateEntries(run, ({ number }) =>
        tables.get(number).entries(undefined, undefined, 'compaction/sst.read'),
      ),
    );
    const entries = retainVisible(mergeEntries(sources), snapshots, (key) => !older.mayHold(key));
    const written = await writeTables(context, numbers, outputLevel, entries, phase);
    const run = outputRun ?? written[0]?.number ?? 0;
    const added = written.map((table): TableMeta => ({ ...table, run }));
    await publisher.publish({ added, removed: inputs.flat() });
    return added;
  } finally {
    release();
  }
}
