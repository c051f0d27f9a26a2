import { crc32 } from '../bytes/crc.js';
import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';
import { compareKeys } from '../entry.js';
import { corrupt } from '../errors.js';
import type { TableMeta } from './meta.js';
import { TRAILER_BYTES } from './trailer.js';

/**
 * The end of a table file: the properties block (what the table holds; it repeats what the MANIFEST says, so that
 * a file under a wrong name or an old copy is noticed) and the footer, a fixed number of bytes from which all the
 * rest is found. The layout is drawn in FORMAT.md; data blocks and index have files of their own.
 */
export type TableProperties = Omit<TableMeta, 'level' | 'run' | 'keys' | 'bytes'>;

/** Where index and properties lie; sizes are without trailers. */
export interface Footer {
  readonly indexOffset: number;
  readonly indexBytes: number;
  readonly propertiesOffset: number;
  readonly propertiesBytes: number;
}

/** The footer always has this size. */
export const FOOTER_BYTES = 33;
/** The one format version that is written and read. */
export const TABLE_VERSION = 1;

const MAGIC = Buffer.from('NLST', 'latin1');
const CHECKED_BYTES = FOOTER_BYTES - 4;

/** The properties as a block, without a trailer. */
export function encodeProperties(properties: TableProperties): Uint8Array {
  return new ByteWriter()
    .varint(properties.number)
    .varint(properties.entries)
    .varint(properties.tombstones)
    .varint(properties.sequenceMin)
    .varint(properties.sequenceMax)
    .lengthPrefixed(properties.smallest)
    .lengthPrefixed(properties.largest)
    .finish();
}

/** Reads a properties block; ENGINE_CORRUPT at `offset`, where it begins, if it is not one. */
export function decodeProperties(file: string, offset: number, block: Uint8Array): TableProperties {
  try {
    const cursor = new Cursor(block);
    const properties = {
      number: cursor.varint(),
      entries: cursor.varint(),
      tombstones: cursor.varint(),
      sequenceMin: cursor.varint(),
      sequenceMax: cursor.varint(),
      smallest: cursor.lengthPrefixed(),
      largest: cursor.lengthPrefixed(),
    };
    if (cursor.remaining === 0) return properties;
    throw corrupt(file, offset, `${cursor.remaining} bytes follow the properties`);
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw corrupt(file, offset, `the properties: ${error.reason}`, error);
  }
}

/** Throws ENGINE_CORRUPT at `offset` naming the first property that is not as the MANIFEST says. */
export function checkProperties(file: string, offset: number, found: TableProperties, meta: TableMeta): void {
  for (const name of ['number', 'entries', 'tombstones', 'sequenceMin', 'sequenceMax'] as const) {
    if (found[name] === meta[name]) continue;
    throw corrupt(file, offset, `${name} is ${found[name]}, but the MANIFEST says ${meta[name]}`);
  }
  for (const name of ['smallest', 'largest'] as const) {
    if (compareKeys(found[name], meta[name]) === 0) continue;
    throw corrupt(file, offset, `the ${name} key is not the one in the MANIFEST`);
  }
}

/** The footer, `FOOTER_BYTES` long. */
export function encodeFooter(footer: Footer): Uint8Array {
  const writer = new ByteWriter(FOOTER_BYTES)
    .u64(footer.indexOffset)
    .u32(footer.indexBytes)
    .u64(footer.propertiesOffset)
    .u32(footer.propertiesBytes)
    .u8(TABLE_VERSION)
    .bytes(MAGIC);
  return writer.u32(crc32(writer.finish())).finish();
}

/**
 * Reads the footer from the last bytes of a file of `fileBytes` bytes and checks that index, properties and footer
 * follow each other without gaps. Throws ENGINE_CORRUPT at the offset where the footer begins, or should.
 */
export function decodeFooter(file: string, fileBytes: number, bytes: Uint8Array): Footer {
  const offset = Math.max(0, fileBytes - FOOTER_BYTES);
  if (bytes.length !== FOOTER_BYTES) throw corrupt(file, offset, 'the file is too short for a footer');
  const cursor = new Cursor(bytes);
  try {
    const footer = {
      indexOffset: cursor.u64(),
      indexBytes: cursor.u32(),
      propertiesOffset: cursor.u64(),
      propertiesBytes: cursor.u32(),
    };
    const version = cursor.u8();
    if (!MAGIC.equals(cursor.bytes(MAGIC.length)))
      throw corrupt(file, offset, 'the magic of a table is missing');
    if (crc32(bytes.subarray(0, CHECKED_BYTES)) !== cursor.u32()) {
      throw corrupt(file, offset, 'the footer does not match its checksum');
    }
    if (version !== TABLE_VERSION) {
      throw corrupt(file, offset, `format version ${version}; this engine reads only ${TABLE_VERSION}`);
    }
    if (!isGapless(footer, offset))
      throw corrupt(file, offset, 'the footer does not fit the size of the file');
    return footer;
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw corrupt(file, offset, `the footer: ${error.reason}`, error);
  }
}

function isGapless(footer: Footer, footerOffset: number): boolean {
  return (
    footer.indexOffset + footer.indexBytes + TRAILER_BYTES === footer.propertiesOffset &&
    footer.propertiesOffset + footer.propertiesBytes + TRAILER_BYTES === footerOffset
  );
}
