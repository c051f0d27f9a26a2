import type { CrashCase, Life } from '../../harness/workload/case.js';

/**
 * For each planted bug a case, written by hand, in which it does harm. The options are small, so that four entries
 * fill a memtable and a handful of operations reach every kind of background work. Step numbers count what recovery
 * does as well: the first MANIFEST of a life is recovery's.
 */
export const CASES: Readonly<Record<string, CrashCase>> = {
  // The fifth put finds the memtable full; its flush dies when the WAL is gone and the MANIFEST not yet published.
  'wal-deleted-before-publish': crashCase('kill-at-manifest-rename', [
    { operations: puts('abcde', 1), end: 'kill before manifest/rename #2' },
  ]),
  // The value lies in one table of L0, the tombstone would lie in the next one.
  'tombstone-dropped-early': crashCase('kill-in-flush', [
    {
      operations: [
        { operation: { kind: 'put', key: 'a', value: 'a1' } },
        { operation: { kind: 'put', key: 'b', value: 'b1' } },
        { operation: { kind: 'flush' } },
        { operation: { kind: 'delete', key: 'a' } },
        { operation: { kind: 'put', key: 'c', value: 'c1' } },
        { operation: { kind: 'flush' } },
      ],
      end: 'kill after flush/dir.fsync #2',
    },
    { operations: [{ operation: { kind: 'flush' } }], end: 'kill idle' },
  ]),
  // Two puts are acknowledged; what they wrote is in memory when the third, with a sync, dies before its append.
  'ack-before-wal': crashCase('kill-in-wal-append', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'put', key: 'c', value: 'c1', sync: true } }],
      end: 'kill before wal/append #1',
    },
    { operations: puts('abc', 2), end: 'kill inside wal/append #3 @5' },
  ]),
  // One flush makes two tables, which a compaction moves to L1 and publishes; the next recovery finds L0 and the WAL
  // empty.
  'orphan-removal-deletes-live-table': crashCase('kill-in-compaction', [
    {
      operations: [...puts('abcd', 1), { operation: { kind: 'compact' } }],
      end: 'kill before gc/sst.unlink #1',
    },
  ]),
  // The fifth put makes the second WAL while the flush of the first one waits for its fsync.
  'replay-newest-wal-only': crashCase('kill-in-flush', [
    { operations: puts('abcdef', 1), end: 'kill before flush/sst.fsync #1' },
  ]),
  // Recovery's own MANIFEST is the first; the flush's is cut after ten bytes.
  'manifest-in-place': crashCase('kill-at-manifest-rename', [
    { operations: puts('abcde', 1), end: 'kill inside manifest/tmp.write #2 @10' },
  ]),
  // All but the last byte of the append arrives: of two records the first is whole.
  'batch-in-parts': crashCase('kill-in-wal-append', [
    {
      operations: [
        {
          operation: {
            kind: 'batch',
            writes: [
              { kind: 'put', key: 'a', value: 'a1' },
              { kind: 'put', key: 'b', value: 'b1' },
            ],
          },
        },
      ],
      end: 'kill inside wal/append #1 @4000',
    },
  ]),
  // Two rounds of compaction: the second one deletes tables of L1.
  'filter-never-deleted': crashCase('kill-in-compaction', [
    {
      operations: [
        ...puts('abcd', 1),
        { operation: { kind: 'compact' } },
        ...puts('abcd', 2),
        { operation: { kind: 'compact' } },
      ],
      end: 'kill idle',
    },
  ]),
  // The flush dies when its table has a number and a name; the next recovery gives the number out again.
  'numbers-from-manifest': crashCase('kill-in-flush', [
    { operations: puts('abcde', 1), end: 'kill after flush/sst.create #1' },
  ]),
};

function crashCase(scenario: string, lives: readonly Life[]): CrashCase {
  const options = { memtableEntriesMax: 4, tableEntriesMax: 3, l0TablesMax: 2, blockBytes: 64 };
  return { format: 1, scenario, target: 'lsm', options, seed: 1, lives };
}

/** A put for each letter; `round` makes the values unique. */
function puts(keys: string, round: number): Life['operations'] {
  return [...keys].map((key) => ({ operation: { kind: 'put', key, value: `${key}${round}` } }));
}
