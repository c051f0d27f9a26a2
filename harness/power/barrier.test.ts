import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { barrierOf } from './barrier.js';

test.each([
  ['flush/sst.write', 'flush/sst.fsync'],
  ['flush/sst.create', 'flush/dir.fsync'],
  ['compaction/bloom.write', 'compaction/bloom.fsync'],
  ['compaction/mkdir', 'compaction/dir.fsync'],
  ['manifest/tmp.write', 'manifest/tmp.fsync'],
  ['manifest/rename', 'manifest/dir.fsync'],
  ['wal/header', 'wal/fsync'],
  ['wal/append', 'wal/fsync'],
  ['wal/create', 'wal/dir.fsync'],
  ['recovery/wal.truncate', 'recovery/wal.fsync'],
  ['recovery/unlink', 'recovery/dir.fsync'],
  ['open/mkdir', 'recovery/dir.fsync'],
  ['gc/wal.unlink', null],
])('%s is forced by %s', (label, barrier) => {
  expect(barrierOf(label)).toBe(barrier);
});

test('every step that writes or names has a barrier that is a sync, but those of garbage collection and locks', () => {
  for (const label of STEP_LABELS) {
    if (label.endsWith('fsync') || label.startsWith('gc/') || label.endsWith('lock')) continue;
    expect(barrierOf(label), label).toMatch(/fsync$/);
  }
});
