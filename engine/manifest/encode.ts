import { crc32 } from '../bytes/crc.js';
import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';
import { corrupt } from '../errors.js';
import type { TableMeta } from '../table/meta.js';
import type { Version } from './version.js';

/**
 * The bytes of a MANIFEST: a whole version, not a log of edits, so that one rename publishes all of it and one
 * checksum covers all of it. The layout is in FORMAT.md.
 */
export function encodeManifest(number: number, version: Version): Uint8Array {
  const writer = new ByteWriter().bytes(MAGIC).u8(FORMAT_VERSION).u64(number);
  writer.u64(version.nextNumber).u64(version.flushedSequence);
  writer.varint(version.walNumbers.length);
  for (const walNumber of version.walNumbers) writer.varint(walNumber);
  const tables = version.levels.flat();
  writer.varint(tables.length);
  for (const table of tables) writer.bytes(encodeTable(table));
  return writer.u32(crc32(writer.finish())).finish();
}

/** Throws ENGINE_CORRUPT with `path` and the offset of the field that is not as it should be. */
export function decodeManifest(path: string, number: number, bytes: Uint8Array): Version {
  const bodyBytes = bytes.length - 4;
  if (bodyBytes < MAGIC.length + 1) throw corrupt(path, bytes.length, 'the MANIFEST is cut short');
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw corrupt(path, 0, 'the MANIFEST does not begin with "NLMF"');
  }
  const found = new Cursor(bytes, bodyBytes).u32();
  const computed = crc32(bytes.subarray(0, bodyBytes));
  if (found !== computed)
    throw corrupt(path, bodyBytes, `the checksum is ${found}, of the bytes it is ${computed}`);
  const cursor = new Cursor(bytes, MAGIC.length, bodyBytes);
  const formatVersion = cursor.u8();
  if (formatVersion !== FORMAT_VERSION) {
    throw corrupt(path, MAGIC.length, `expected format version ${FORMAT_VERSION}, got ${formatVersion}`);
  }
  try {
    return decodeBody(path, number, cursor);
  } catch (error) {
    if (error instanceof CursorError) throw corrupt(path, error.position, error.reason, error);
    throw error;
  }
}

const MAGIC = new TextEncoder().encode('NLMF');
const FORMAT_VERSION = 2;

/** A table never changes and is named by thousands of MANIFESTs, so its bytes are made once. */
const encodedTables = new WeakMap<TableMeta, Uint8Array>();

function encodeTable(table: TableMeta): Uint8Array {
  const known = encodedTables.get(table);
  if (known !== undefined) return known;
  const writer = new ByteWriter(64);
  writer.varint(table.number).u8(table.level).varint(table.run).varint(table.bytes);
  writer.varint(table.entries).varint(table.tombstones).varint(table.keys);
  writer.varint(table.sequenceMin).varint(table.sequenceMax);
  writer.lengthPrefixed(table.smallest).lengthPrefixed(table.largest);
  const encoded = Uint8Array.from(writer.finish());
  encodedTables.set(table, encoded);
  return encoded;
}

function decodeBody(path: string, number: number, cursor: Cursor): Version {
  const start = cursor.position;
  const stored = cursor.u64();
  if (stored !== number) throw corrupt(path, start, `the file says that it is MANIFEST ${stored}`);
  const nextNumber = cursor.u64();
  const flushedSequence = cursor.u64();
  const walNumbers = repeat(cursor, () => cursor.varint());
  const tables = repeat(cursor, () => decodeTable(cursor));
  if (cursor.remaining > 0)
    throw corrupt(path, cursor.position, `${cursor.remaining} bytes follow the last table`);
  const deepest = tables.reduce((deep, { level }) => Math.max(deep, level), -1);
  const levels = Array.from({ length: deepest + 1 }, (_, level) =>
    tables.filter((table) => table.level === level),
  );
  return { levels, walNumbers, nextNumber, flushedSequence };
}

function decodeTable(cursor: Cursor): TableMeta {
  return {
    number: cursor.varint(),
    level: cursor.u8(),
    run: cursor.varint(),
    bytes: cursor.varint(),
    entries: cursor.varint(),
    tombstones: cursor.varint(),
    keys: cursor.varint(),
    sequenceMin: cursor.varint(),
    sequenceMax: cursor.varint(),
    smallest: cursor.lengthPrefixed().slice(),
    largest: cursor.lengthPrefixed().slice(),
  };
}

/** Reads a count and that many items; a count that the bytes left cannot hold ends in a CursorError soon. */
function repeat<Item>(cursor: Cursor, read: () => Item): Item[] {
  const items: Item[] = [];
  for (let left = cursor.varint(); left > 0; left--) items.push(read());
  return items;
}
