import { expect, test } from 'vitest';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import type { VfsFile } from '../vfs/vfs.js';
import { decodeRecord, WAL_HEADER_BYTES, type WalBatch } from './record.js';
import { WalWriter } from './writer.js';

const NUMBER = 7;
const PATH = 'wal/000007.wal';
/** A record of this batch has 21 bytes, as long as `durable` is below 128. */
const batch = (sequence: number): WalBatch => ({
  sequence,
  writes: [{ kind: 'tombstone', key: Uint8Array.of(1) }],
});

/** A WAL whose syncs end, after the one of its header, when the test says so. */
async function openWal() {
  const { environment, files } = makeTestEnvironment();
  const ends: { readonly succeed: () => void; readonly fail: () => void }[] = [];
  let isCreated = false;
  const sync = () =>
    new Promise<void>((resolve, reject) => {
      if (isCreated) ends.push({ succeed: resolve, fail: () => reject(new Error('EIO')) });
      else resolve();
    });
  const create = (...call: Parameters<typeof environment.vfs.create>): VfsFile => ({
    ...environment.vfs.create(...call),
    sync,
  });
  const wal = await WalWriter.create({ ...environment, vfs: { ...environment.vfs, create } }, NUMBER);
  isCreated = true;
  return { wal, ends, bytes: () => files.get(PATH) ?? new Uint8Array(0) };
}

/** What each record knows to be durable. */
function durables(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let offset = WAL_HEADER_BYTES; offset < bytes.length;) {
    const decoding = decodeRecord(bytes, offset, NUMBER);
    if (decoding.kind !== 'record') throw new Error(`Expected a record at byte ${offset}.`);
    found.push(decoding.durableBytes);
    offset = decoding.end;
  }
  return found;
}

test('before the first sync a record knows the header only as durable', async () => {
  const { wal, bytes } = await openWal();
  wal.append([batch(1), batch(2)]);
  wal.append([batch(3)]);
  expect(durables(bytes())).toEqual([17, 17, 17]);
});

test('a record knows as durable what was appended before the call of a sync that has ended', async () => {
  const { wal, ends, bytes } = await openWal();
  wal.append([batch(1)]);
  const synced = wal.sync();
  wal.append([batch(2)]);
  ends[0]?.succeed();
  await synced;
  wal.append([batch(3)]);
  expect(durables(bytes())).toEqual([17, 17, 38]);
});

test('a sync that failed makes nothing durable', async () => {
  const { wal, ends, bytes } = await openWal();
  wal.append([batch(1)]);
  const synced = wal.sync();
  ends[0]?.fail();
  await expect(synced).rejects.toThrow('EIO');
  wal.append([batch(2)]);
  expect(durables(bytes())).toEqual([17, 17]);
});

test('a seal says that everything before it is durable, once it is', async () => {
  const { wal, ends, bytes } = await openWal();
  wal.append([batch(1), batch(2)]);
  const sealed = wal.seal(3);
  expect(durables(bytes())).toEqual([17, 17]);
  ends[0]?.succeed();
  await sealed;
  expect(durables(bytes())).toEqual([17, 17, 59]);
});

test('a WAL without records needs no seal', async () => {
  const { wal, bytes } = await openWal();
  await wal.seal(1);
  expect(bytes()).toHaveLength(WAL_HEADER_BYTES);
});
