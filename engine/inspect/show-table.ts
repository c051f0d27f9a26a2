import type { Entry } from '../entry.js';
import type { BlockReader } from '../table/block-reader.js';
import type { Footer, TableProperties } from '../table/format.js';
import type { VfsFile } from '../vfs/vfs.js';
import { base64, byteText, count, nameText } from './byte-text.js';
import { type Shown, showFaults } from './shown.js';
import {
  type BlockPlace,
  compressionOf,
  openBlock,
  partsOf,
  readBlocks,
  readFooter,
  readProperties,
} from './table-parts.js';

/**
 * What a table file holds: where its parts lie, its properties, each block as the index names it and as it is, and the
 * entries if they are wanted. A part that is bad is shown as a fault, and the others all the same; the result says
 * whether there was none. Whether the table is the one that the MANIFEST means is not asked: that is a check.
 */
export function* showTable(file: VfsFile, options: ShowTableOptions): Generator<Shown, boolean> {
  const { path } = file;
  const footer = yield* showFaults(path, Math.max(0, file.size() - 1), () => readFooter(file));
  if (footer === undefined) return false;
  yield fileShown(path, file.size(), footer, options.standing);
  const properties = yield* showFaults(path, footer.propertiesOffset, () => readProperties(file, footer));
  if (properties !== undefined) yield propertiesShown(properties);
  const blocks = yield* showFaults(path, footer.indexOffset, () => readBlocks(file, footer));
  let sound = properties !== undefined && blocks !== undefined;
  for (const place of blocks?.places() ?? []) if (!(yield* showBlock(file, place, options))) sound = false;
  return sound;
}

export interface ShowTableOptions {
  readonly entries: boolean;
  readonly values: boolean;
  /** What the file is there for, if the directory tells. */
  readonly standing: string | undefined;
}

function fileShown(path: string, bytes: number, footer: Footer, standing: string | undefined): Shown {
  const parts = partsOf(footer).map(([name, offset, length]) => ({ name, offset, bytes: length }));
  return {
    text: () =>
      [
        `${nameText(path)}: table, ${count(bytes, 'byte')}${standing === undefined ? '' : `; ${standing}`}`,
        ...parts.map((part) => `  ${part.name} at byte ${part.offset}: ${count(part.bytes, 'byte')}`),
      ].join('\n'),
    json: () => ({ kind: 'table', file: path, bytes, standing, parts }),
  };
}

function propertiesShown(properties: TableProperties): Shown {
  const { number, entries, tombstones, sequenceMin, sequenceMax, smallest, largest } = properties;
  return {
    text: () =>
      [
        `properties: table ${number}, ${count(entries, 'entry', 'entries')}, ${count(tombstones, 'tombstone')}`,
        `sequence ${sequenceMin} to ${sequenceMax}, ${byteText(smallest)} to ${byteText(largest)}`,
      ].join(', '),
    json: () => ({ kind: 'properties', ...properties, smallest: base64(smallest), largest: base64(largest) }),
  };
}

function* showBlock(file: VfsFile, place: BlockPlace, options: ShowTableOptions): Generator<Shown, boolean> {
  const read = yield* showFaults(file.path, place.offset, () => {
    const block = openBlock(file, place);
    const plainBytes = block.bytes.length;
    return {
      block,
      facts: { entries: countEntries(block), plainBytes, compression: compressionOf(file, place) },
    };
  });
  if (read === undefined) return false;
  yield blockShown(place, read.facts);
  if (!options.entries) return true;
  // One at a time: keys that share almost all of their bytes take far more room than the block does.
  const entries = read.block.entries();
  for (let entry = entries.next(); entry !== undefined; entry = entries.next())
    yield entryShown(place.offset, entry, options.values);
  return true;
}

function countEntries(block: BlockReader): number {
  const decoder = block.decoder();
  let entries = 0;
  while (decoder.next()) entries++;
  return entries;
}

interface BlockFacts {
  readonly entries: number;
  /** Size when it is inflated. */
  readonly plainBytes: number;
  readonly compression: string;
}

function blockShown(place: BlockPlace, facts: BlockFacts): Shown {
  const { offset, bytes, firstKey, firstSequence, continues } = place;
  const { entries, plainBytes, compression } = facts;
  const size = compression === 'none' ? '' : `, ${compression} of ${count(plainBytes, 'byte')}`;
  return {
    text: () =>
      `block at byte ${offset}: ${count(bytes, 'byte')}${size}, ${count(entries, 'entry', 'entries')} ` +
      `from ${byteText(firstKey)} at sequence ${firstSequence}${continues ? ', a key of the block before' : ''}`,
    json: () => ({
      kind: 'block',
      ...{ offset, bytes, compression, plainBytes, entries },
      firstKey: base64(firstKey),
      ...{ firstSequence, continues },
    }),
  };
}

function entryShown(block: number, { key, sequence, kind, value }: Entry, values: boolean): Shown {
  return {
    text: () => {
      if (kind === 'tombstone') return `  ${sequence}  delete ${byteText(key)}`;
      return `  ${sequence}  put ${byteText(key)}${values ? ` = ${byteText(value)}` : `, ${count(value.length, 'byte')}`}`;
    },
    json: () => ({
      kind: 'entry',
      block,
      type: kind === 'tombstone' ? 'delete' : 'put',
      sequence,
      key: base64(key),
      ...(kind === 'tombstone'
        ? {}
        : { valueBytes: value.length, ...(values ? { value: base64(value) } : {}) }),
    }),
  };
}
