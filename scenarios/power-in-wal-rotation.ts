import { ALL_MODELS, type PowerScenario } from '../harness/index.js';
import { killInWalRotation } from './kill-in-wal-rotation.js';

/**
 * The next WAL gets its header and its name made durable ahead of time, by work that nobody waits for. A rotation must not
 * take it before that is done, and must have synced the old WAL, or a power loss leaves a hole between the two.
 */
export const powerInWalRotation: PowerScenario = {
  kind: 'power',
  name: 'power-in-wal-rotation',
  title: 'Of two WALs a power loss leaves a prefix of the writes, whether the second was ready or half made',
  workload: {
    ...killInWalRotation.workload,
    variants: [
      { memtableEntriesMax: 5 },
      { memtableEntriesMax: 2 },
      { memtableBytesMax: 400, memtableEntriesMax: 50 },
    ],
    operationsMin: 10,
    operationsMax: 40,
    livesMax: 1,
  },
  labels: [
    'prepare/wal.create',
    'prepare/wal.write',
    'prepare/wal.fsync',
    'prepare/dir.fsync',
    'rotate/wal.fsync',
    'wal/create',
    'wal/header',
    'wal/append',
  ],
  models: ALL_MODELS,
  cases: 6,
};
