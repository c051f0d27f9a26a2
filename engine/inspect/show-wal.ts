import { Cursor } from '../bytes/cursor.js';
import type { VfsFile } from '../vfs/vfs.js';
import { WAL_FORMAT_VERSION, WAL_HEADER_BYTES, type WalWrite } from '../wal/record.js';
import { base64, byteText, count, nameText } from './byte-text.js';
import { type Shown, showFaults } from './shown.js';
import { type WalEnd, type WalRecord, walkWal } from './wal-walk.js';

/**
 * What a WAL holds: a piece for the file, one for each record, one for the end. The result says whether all is well; a
 * torn tail is, as it is what a crash may leave.
 */
export function* showWal(file: VfsFile, options: ShowWalOptions): Generator<Shown, boolean> {
  const { path } = file;
  const number = options.number ?? (yield* showFaults(path, 0, () => numberInHeader(file)));
  if (number === undefined) return false;
  yield fileShown(path, number, file.size(), options);
  const walk = walkWal(file, number, options.newest, options.named);
  const totals = { records: 0, writes: 0, sequenceMin: 0, sequenceMax: 0 };
  for (;;) {
    const step = yield* showFaults(path, 0, () => walk.next());
    if (step === undefined) return false;
    if (step.done === true) {
      yield endShown(path, step.value, totals);
      return step.value.kind !== 'corrupt';
    }
    const { sequence, writes } = step.value;
    totals.records++;
    totals.writes += writes.length;
    if (writes.length > 0) {
      if (totals.sequenceMin === 0) totals.sequenceMin = sequence;
      totals.sequenceMax = sequence + writes.length - 1;
    }
    yield recordShown(step.value, options.values);
  }
}

export interface ShowWalOptions {
  /** The file number, if the name of the file tells; otherwise that in its header is believed. */
  readonly number: number | undefined;
  /** No newer WAL holds a record, as far as is known: it may have a torn tail. */
  readonly newest: boolean;
  /** The MANIFEST names it: its header had arrived. */
  readonly named: boolean;
  readonly values: boolean;
  /** What the file is there for, if the directory tells: `live, named by the MANIFEST`. */
  readonly standing: string | undefined;
}

/** The file number in a header, wherever the file may lie; 0 if there is no room for one. */
function numberInHeader(file: VfsFile): number {
  const bytes = file.read(0, WAL_HEADER_BYTES, 'recovery/wal.read');
  return bytes.length < 13 ? 0 : readNumber(bytes);
}

/** A number that no file has becomes one that fits no header, so that the header is what is found wrong. */
function readNumber(bytes: Uint8Array): number {
  try {
    return new Cursor(bytes, 5).u64();
  } catch {
    return 0;
  }
}

function fileShown(path: string, number: number, bytes: number, { newest, standing }: ShowWalOptions): Shown {
  return {
    text: () =>
      [
        `${nameText(path)}: WAL ${number}, format version ${WAL_FORMAT_VERSION}, ${count(bytes, 'byte')}`,
        ...(standing === undefined ? [] : [standing]),
        newest ? 'may have a torn tail' : 'may not have a torn tail, since a newer WAL holds a record',
      ].join('; '),
    json: () => ({
      kind: 'wal',
      file: path,
      number,
      formatVersion: WAL_FORMAT_VERSION,
      bytes,
      standing,
      newest,
    }),
  };
}

function recordShown({ offset, bytes, sequence, durableBytes, writes }: WalRecord, values: boolean): Shown {
  const last = sequence + writes.length - 1;
  const range = writes.length > 1 ? `${sequence} to ${last}` : String(sequence);
  return {
    text: () =>
      [
        `  at byte ${offset}: ${count(bytes, 'byte')}, sequence ${range}, ${count(durableBytes, 'byte')} durable, ${count(writes.length, 'write')}`,
        ...writes.map((write) => `    ${writeText(write, values)}`),
      ].join('\n'),
    json: () => ({
      kind: 'record',
      ...{ offset, bytes, sequence, durableBytes },
      writes: writes.map((write) => writeJson(write, values)),
    }),
  };
}

function writeText(write: WalWrite, values: boolean): string {
  if (write.kind === 'tombstone') return `delete ${byteText(write.key)}`;
  const value = values ? ` = ${byteText(write.value)}` : `, ${count(write.value.length, 'byte')}`;
  return `put ${byteText(write.key)}${value}`;
}

function writeJson(write: WalWrite, values: boolean): object {
  if (write.kind === 'tombstone') return { kind: 'delete', key: base64(write.key) };
  const value = values ? { value: base64(write.value) } : {};
  return { kind: 'put', key: base64(write.key), valueBytes: write.value.length, ...value };
}

interface WalTotals {
  readonly records: number;
  readonly writes: number;
  /** Both 0 if there is no write. */
  readonly sequenceMin: number;
  readonly sequenceMax: number;
}

function endShown(path: string, end: WalEnd, totals: WalTotals): Shown {
  const { records, writes, sequenceMin, sequenceMax } = totals;
  return {
    text: () => {
      const range = writes === 0 ? '' : `, sequence ${sequenceMin} to ${sequenceMax}`;
      return `${endText(end)}; ${count(records, 'record')}, ${count(writes, 'write')}${range}`;
    },
    json: () => ({ ...end, kind: 'end', end: end.kind, file: path, ...totals }),
  };
}

/** How the log ends, on one line. */
export function endText(end: WalEnd): string {
  switch (end.kind) {
    case 'clean':
      return `ends clean at byte ${end.offset}`;
    case 'torn':
      return `torn tail of ${count(end.bytes, 'byte')} at byte ${end.offset}, which recovery cuts off: ${end.problem}`;
    case 'corrupt':
      return `CORRUPT at byte ${end.offset}: ${end.problem}`;
  }
}
