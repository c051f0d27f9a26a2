import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * When a memtable is four fifths full the next WAL is made ahead, and when it is full the old one is synced and the new
 * one takes over. Between the two the directory holds a WAL that nobody writes to yet; it must prove nothing. Some of the
 * memtables here have it ready in time, some rotate while it is half made, and some never ask for it.
 */
export const killInWalRotation: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-wal-rotation',
  title: 'A WAL rotation that dies loses no write of either WAL and uses no file number twice',
  workload: {
    options: TINY_OPTIONS,
    variants: [
      { memtableEntriesMax: 5 },
      { memtableEntriesMax: 2 },
      { memtableEntriesMax: 10 },
      { memtableBytesMax: 400, memtableEntriesMax: 50 },
    ],
    keysMax: 10,
    operationsMax: 50,
    livesMax: 4,
  },
  kills: {
    kind: 'steps',
    labels: [
      'prepare/wal.create',
      'prepare/wal.write',
      'prepare/wal.fsync',
      'prepare/dir.fsync',
      'rotate/wal.fsync',
      'wal/create',
      'wal/header',
      'wal/dir.fsync',
      'close/unlock',
    ],
    enumerate: { after: null },
  },
  cases: 10,
};
