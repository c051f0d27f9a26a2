import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * What lies in the page cache reaches the disk in any order, in parts, or not at all. A log must find its end in what is
 * left: everything that was synced, no hole, no half of a batch, nothing that an older log left in the same blocks.
 */
export const powerInWalAppend: PowerScenario = {
  kind: 'power',
  name: 'power-in-wal-append',
  title: 'A write that was synced survives a power loss, and of the others a prefix does',
  workload: {
    options: { ...TINY_OPTIONS, memtableEntriesMax: 12 },
    keysMax: 10,
    operationsMin: 8,
    operationsMax: 40,
    livesMax: 1,
  },
  labels: ['wal/create', 'wal/header', 'wal/append', 'wal/fsync', 'wal/dir.fsync'],
  models: ALL_MODELS,
  cases: 8,
};
