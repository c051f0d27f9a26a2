import type { EngineContext } from '../context.js';
import type { Entry } from '../entry.js';
import { pathOf } from '../filenames.js';
import type { Peekable } from '../iterator/peekable.js';
import { BloomBuilder, drawSeeds } from './bloom.js';
import { encodeBloom } from './bloom-file.js';
import type { TableMeta } from './meta.js';
import { TableEncoder } from './table-encoder.js';
import type { TablePhase } from '../vfs/step.js';

/**
 * Writes one table and its Bloom sidecar. Each data block is one write, and index, properties and footer are one
 * more, so that a crash can strike inside of a table; then the file is forced, then the sidecar is written and
 * forced. The directory is not: the caller does that once for several tables, and before that publishes none.
 *
 * Takes entries, in the order of `compareEntries` and already merged and filtered, until the table has
 * `tableEntriesMax` entries or `tableBytesMax` bytes and the key changes, or until there are no more. What is left
 * in `entries` is the next table's: call again while `entries.peek()` gives something. At least one entry is
 * needed. On an error the files may be there in part, and no table was made.
 */
export async function writeTable(
  context: EngineContext,
  level: number,
  number: number,
  entries: Peekable<Entry>,
  phase: TablePhase,
): Promise<TableMeta> {
  if (entries.peek() === undefined) throw new RangeError('writeTable needs at least one entry.');
  const filterBuilder = new BloomBuilder(context.hashes, drawSeeds(context.environment.randomUint32));
  const meta = await writeEntries(context, level, number, entries, filterBuilder, phase);
  const filter = filterBuilder.finish(context.options);
  const file = context.environment.vfs.create(
    pathOf({ kind: 'bloom', level, number }),
    `${phase}/bloom.create`,
  );
  try {
    file.append(encodeBloom(number, filter), `${phase}/bloom.write`);
    await file.sync(`${phase}/bloom.fsync`);
  } finally {
    file.close();
  }
  return meta;
}

/** Bytes written between two chances for requests to run. */
const PAUSE_BYTES = 64 * 1024;

async function writeEntries(
  { environment, options }: EngineContext,
  level: number,
  number: number,
  entries: Peekable<Entry>,
  filter: BloomBuilder,
  phase: TablePhase,
): Promise<TableMeta> {
  const encoder = new TableEncoder(number, options);
  const file = environment.vfs.create(pathOf({ kind: 'table', level, number }), `${phase}/sst.create`);
  let bytesSincePause = 0;
  try {
    for (let entry = entries.peek(); entry !== undefined; entry = entries.peek()) {
      if (encoder.isFullBefore(entry.key)) break;
      const block = encoder.add(entry);
      if (encoder.lastOpensKey) filter.add(entry.key);
      entries.next();
      if (block === undefined) continue;
      file.append(block, `${phase}/sst.write`);
      bytesSincePause += block.length;
      if (bytesSincePause < PAUSE_BYTES) continue;
      bytesSincePause = 0;
      await environment.pause();
    }
    const block = encoder.finishBlock();
    if (block !== undefined) file.append(block, `${phase}/sst.write`);
    const { tail, meta } = encoder.finish(level);
    file.append(tail, `${phase}/sst.write`);
    await file.sync(`${phase}/sst.fsync`);
    return meta;
  } finally {
    file.close();
  }
}
