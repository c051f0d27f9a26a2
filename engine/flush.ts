import type { Catalogs } from './catalog/catalogs.js';
import { retainVisible } from './compaction/retain.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import type { Publisher } from './publisher.js';
import { writeTables } from './write-tables.js';

/**
 * Writes the oldest full memtable as tables of L0 and publishes them; the memtable and its WAL go with the same
 * publication. Memtables are flushed in the order in which they were filled, so the live WALs are always the
 * newest ones. False if no memtable waits.
 */
export async function flushOldest(
  context: EngineContext,
  numbers: FileNumbers,
  catalogs: Catalogs,
  publisher: Publisher,
  snapshots: () => readonly number[],
): Promise<boolean> {
  const oldest = catalogs.current.flushing[0];
  if (oldest === undefined) return false;
  // Older versions may lie in deeper levels, so every tombstone stays.
  const entries = retainVisible(oldest.memtable.entries(), snapshots(), () => false);
  const added = await writeTables(context, numbers, 0, entries, 'flush');
  await publisher.publish({ added, removed: [], flushedSequence: oldest.memtable.sequenceMax }, oldest);
  return true;
}
