import type { Catalogs } from './catalog/catalogs.js';
import { retainVisible } from './compaction/retain.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import type { Memtable } from './memtable/memtable.js';
import type { Publisher } from './publisher.js';
import type { TableMeta } from './table/meta.js';
import { writeTables } from './write-tables.js';

/**
 * Writes the oldest full memtable as tables of L0 and publishes them; the memtable and its WAL go with the same
 * publication. Memtables are flushed in the order in which they were filled, so the live WALs are always the
 * newest ones. Gives the tables that were made; undefined if no memtable waits.
 */
export async function flushOldest(
  context: EngineContext,
  numbers: FileNumbers,
  catalogs: Catalogs,
  publisher: Publisher,
  snapshots: () => readonly number[],
): Promise<readonly TableMeta[] | undefined> {
  const oldest = catalogs.current.flushing[0];
  if (oldest === undefined) return undefined;
  const added = await writeMemtable(context, numbers, oldest.memtable, snapshots());
  await publisher.publish({ added, removed: [], flushedSequence: oldest.memtable.sequenceMax }, oldest);
  return added;
}

/**
 * Writes a memtable as tables of L0, durable when it resolves, none if it is empty. `snapshots` ascend. The caller
 * publishes the tables, and nothing older may be flushed afterwards.
 */
export function writeMemtable(
  context: EngineContext,
  numbers: FileNumbers,
  memtable: Memtable,
  snapshots: readonly number[],
): Promise<readonly TableMeta[]> {
  // Older versions may lie in deeper levels, so every tombstone stays.
  const entries = retainVisible(memtable.entries(), snapshots, () => false);
  return writeTables(context, numbers, 0, entries, 'flush');
}
