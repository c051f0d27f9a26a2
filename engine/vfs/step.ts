/**
 * Every call that the engine makes on its Vfs carries a label: the phase it belongs to and what it does.
 * The set is closed on purpose. A harness can list every place where a crash could hurt before it has seen a
 * single run, and a call that nobody named does not compile.
 *
 * A step changes what a crash may leave (create, write, truncate, fsync, rename, unlink, mkdir); a read does not.
 */
export const STEP_LABELS = [
  'open/mkdir',
  'open/lock',
  'recovery/wal.truncate',
  'recovery/wal.fsync',
  'recovery/bloom.create',
  'recovery/bloom.write',
  'recovery/bloom.fsync',
  'recovery/dir.fsync',
  'recovery/unlink',
  'wal/create',
  'wal/header',
  'wal/append',
  'wal/fsync',
  'wal/dir.fsync',
  'prepare/wal.create',
  'prepare/wal.write',
  'prepare/wal.fsync',
  'prepare/dir.fsync',
  'rotate/wal.fsync',
  ...tableLabels('flush'),
  ...tableLabels('compaction'),
  ...tableLabels('deep-compaction'),
  ...tableLabels('tiered-compaction'),
  'manifest/tmp.create',
  'manifest/tmp.write',
  'manifest/tmp.fsync',
  'manifest/rename',
  'manifest/dir.fsync',
  'gc/wal.unlink',
  'gc/sst.unlink',
  'gc/bloom.unlink',
  'gc/manifest.unlink',
  'close/unlock',
] as const;

/** What makes tables; the label says which kind of compaction: from L0, between the levels below, or tiered. */
export type CompactionPhase = 'compaction' | 'deep-compaction' | 'tiered-compaction';
export type TablePhase = 'flush' | CompactionPhase;

/** All steps that make tables in one phase, in the order in which they come. */
export function tableLabels<Phase extends TablePhase>(phase: Phase) {
  const mkdir = phase === 'flush' ? [] : ([`${phase}/mkdir`] as const);
  return [
    ...mkdir,
    `${phase}/sst.create`,
    `${phase}/sst.write`,
    `${phase}/sst.fsync`,
    `${phase}/bloom.create`,
    `${phase}/bloom.write`,
    `${phase}/bloom.fsync`,
    `${phase}/dir.fsync`,
  ] as const;
}

export type StepLabel = (typeof STEP_LABELS)[number];

/** Labels of calls that leave the disk as it is. They are not crash points, but an I/O error can strike there. */
export const READ_LABELS = [
  'open/list',
  'recovery/manifest.read',
  'recovery/wal.read',
  'recovery/sst.read',
  'recovery/bloom.read',
  'get/sst.read',
  'scan/sst.read',
  'compaction/sst.read',
] as const;

export type ReadLabel = (typeof READ_LABELS)[number];
