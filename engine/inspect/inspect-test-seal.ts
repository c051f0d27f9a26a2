import { crc32 } from '../bytes/crc.js';
import { ByteWriter } from '../bytes/writer.js';
import { FOOTER_BYTES } from '../table/format.js';
import { TRAILER_BYTES } from '../table/trailer.js';
import { decodeRecord, WAL_FRAME_BYTES, WAL_HEADER_BYTES } from '../wal/record.js';
import { partsOf, readBlocks, readFooter } from './table-parts.js';
import { fileOfBytes } from './whole-file.js';

/**
 * For tests only: a file that was changed on purpose, with checksums that are right again. The parts lie where they lay
 * before; `sound` is the file as the engine wrote it. Undefined if there is nothing to seal.
 */
export function resealed(path: string, sound: Uint8Array, changed: Uint8Array): Uint8Array | undefined {
  const sealed = Uint8Array.from(changed);
  for (const { start, end, at, prefix } of checksumsOf(path, sound)) {
    const checksum = crc32(...(prefix?.(sealed) ?? []), sealed.subarray(start, end));
    new DataView(sealed.buffer).setUint32(at, checksum, true);
  }
  return Buffer.compare(sealed, sound) === 0 ? undefined : sealed;
}

/** A checksum at `at` over what `prefix` gives and the bytes from `start` to `end`. */
interface Checksum {
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly prefix?: (bytes: Uint8Array) => readonly Uint8Array[];
}

function checksumsOf(path: string, sound: Uint8Array): readonly Checksum[] {
  const whole = { start: 0, end: sound.length - 4, at: sound.length - 4 };
  if (path.endsWith('.sst')) return checksumsOfTable(sound);
  if (path.endsWith('.wal')) return checksumsOfWal(path, sound);
  return [whole];
}

function checksumsOfTable(sound: Uint8Array): readonly Checksum[] {
  const file = fileOfBytes('sst', sound);
  const footer = readFooter(file);
  const blocks = [...readBlocks(file, footer).places()].map(({ offset, bytes }) => [offset, bytes] as const);
  const others = partsOf(footer)
    .filter(([name]) => name === 'index' || name === 'properties')
    .map(([, offset, bytes]) => [offset, bytes - TRAILER_BYTES] as const);
  const start = sound.length - FOOTER_BYTES;
  return [
    ...[...blocks, ...others].map(([offset, bytes]) => {
      return { start: offset, end: offset + bytes + 1, at: offset + bytes + 1 };
    }),
    { start, end: sound.length - 4, at: sound.length - 4 },
  ];
}

function checksumsOfWal(path: string, sound: Uint8Array): readonly Checksum[] {
  const number = Number(/(\d+)\.wal$/.exec(path)?.[1]);
  const checksums: Checksum[] = [{ start: 0, end: WAL_HEADER_BYTES - 4, at: WAL_HEADER_BYTES - 4 }];
  for (let offset = WAL_HEADER_BYTES; offset < sound.length;) {
    const decoding = decodeRecord(sound, offset, number);
    if (decoding.kind !== 'record') break;
    const start = offset;
    checksums.push({
      start: start + WAL_FRAME_BYTES,
      end: decoding.end,
      at: start + 4,
      prefix: (bytes) => [new ByteWriter(8).u64(number).finish(), bytes.subarray(start, start + 4)],
    });
    offset = decoding.end;
  }
  return checksums;
}
