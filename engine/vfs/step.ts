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
  'flush/sst.create',
  'flush/sst.write',
  'flush/sst.fsync',
  'flush/bloom.create',
  'flush/bloom.write',
  'flush/bloom.fsync',
  'flush/dir.fsync',
  'compaction/mkdir',
  'compaction/sst.create',
  'compaction/sst.write',
  'compaction/sst.fsync',
  'compaction/bloom.create',
  'compaction/bloom.write',
  'compaction/bloom.fsync',
  'compaction/dir.fsync',
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
