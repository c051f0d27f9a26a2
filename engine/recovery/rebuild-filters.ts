import type { EngineContext } from '../context.js';
import { levelDirectory, pathOf } from '../filenames.js';
import { encodeBloom } from '../table/bloom-file.js';
import type { Table } from '../table/reader.js';

/**
 * Writes the sidecars that were missing or bad when their tables were opened; the tables already use filters that
 * were made anew in memory. A sidecar that is cut by another crash is bad again, and made again.
 */
export async function rebuildFilters(
  { environment }: EngineContext,
  tables: readonly Table[],
): Promise<void> {
  const { vfs } = environment;
  for (const { meta, filter, filterRebuilt } of tables) {
    if (!filterRebuilt) continue;
    const directory = levelDirectory(meta.level);
    const path = pathOf({ kind: 'bloom', number: meta.number, level: meta.level });
    if (vfs.list(directory, 'open/list').some((name) => path === `${directory}/${name}`)) {
      vfs.unlink(path, 'recovery/unlink');
    }
    const file = vfs.create(path, 'recovery/bloom.create');
    try {
      file.append(encodeBloom(meta.number, filter), 'recovery/bloom.write');
      await file.sync('recovery/bloom.fsync');
    } finally {
      file.close();
    }
    await vfs.syncDirectory(directory, 'recovery/dir.fsync');
  }
}
