import type { EngineContext } from './context.js';
import type { EntryIterator } from './entry.js';
import type { FileNumbers } from './file-numbers.js';
import { levelDirectory } from './filenames.js';
import { filesOfTable } from './catalog/catalog.js';
import { Peekable } from './iterator/peekable.js';
import { writeTable } from './table/builder.js';
import type { TableMeta } from './table/meta.js';
import type { TablePhase } from './vfs/step.js';

/**
 * Writes a sorted stream of entries as tables of one level, each synced with its filter, then syncs the level's
 * directory once. When it resolves the tables are durable and nothing names them yet: the caller publishes them
 * (or, if it dies first, leaves orphans). Their files count as pending until the caller settles them.
 */
export async function writeTables(
  context: EngineContext,
  numbers: FileNumbers,
  level: number,
  entries: EntryIterator,
  phase: TablePhase,
): Promise<readonly TableMeta[]> {
  const source = new Peekable(entries);
  const tables: TableMeta[] = [];
  while (source.peek() !== undefined) {
    const number = numbers.take();
    numbers.begin({ kind: 'table', number, level }, { kind: 'bloom', number, level });
    tables.push(await writeTable(context, level, number, source, phase));
  }
  if (tables.length > 0) {
    await context.environment.vfs.syncDirectory(levelDirectory(level), `${phase}/dir.fsync`);
  }
  return tables;
}

/** The tables are named by a durable MANIFEST now. */
export function settleTables(numbers: FileNumbers, tables: readonly TableMeta[]): void {
  for (const table of tables) numbers.settle(...filesOfTable(table));
}
