import type { Catalogs } from '../catalog/catalogs.js';
import type { EngineContext } from '../context.js';
import type { FileNumbers } from '../file-numbers.js';
import { levelDirectory } from '../filenames.js';
import { concatenateEntries } from '../iterator/concatenate.js';
import { mergeEntries } from '../iterator/merge.js';
import { overlapping } from '../manifest/version.js';
import type { Publisher } from '../publisher.js';
import { sortedRuns } from '../table/meta.js';
import type { TableStore } from '../table-store.js';
import { writeTables } from '../write-tables.js';
import type { Compaction } from './pick.js';
import { retainVisible } from './retain.js';

/**
 * Merges the inputs of a compaction into tables of the level below and publishes the exchange as one version. The
 * inputs stay readable until the last reader that pins them is gone.
 */
export async function runCompaction(
  context: EngineContext,
  numbers: FileNumbers,
  catalogs: Catalogs,
  publisher: Publisher,
  tables: TableStore,
  snapshots: readonly number[],
  { inputs, outputLevel }: Compaction,
): Promise<void> {
  const { vfs } = context.environment;
  const { catalog, release } = catalogs.pin();
  try {
    if (outputLevel >= catalog.levels.length) {
      vfs.makeDirectory(levelDirectory(outputLevel), 'compaction/mkdir');
      await vfs.syncDirectory('', 'compaction/dir.fsync');
    }
    const deeper = catalog.levels.slice(outputLevel + 1).flat();
    const isBottom = (key: Uint8Array): boolean => overlapping(deeper, key, key).length === 0;
    const sources = sortedRuns(inputs).map((run) =>
      concatenateEntries(run, ({ number }) =>
        tables.get(number).entries(undefined, undefined, 'compaction/sst.read'),
      ),
    );
    const entries = retainVisible(mergeEntries(sources), snapshots, isBottom);
    const added = await writeTables(context, numbers, outputLevel, entries, 'compaction');
    await publisher.publish({ added, removed: inputs });
  } finally {
    release();
  }
}
