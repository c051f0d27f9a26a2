import type { Scenario } from '../harness/index.js';
import { killAtManifestRename } from './kill-at-manifest-rename.js';
import { killAtRandom } from './kill-at-random.js';
import { killInCompaction } from './kill-in-compaction.js';
import { killInFlush } from './kill-in-flush.js';
import { killInRecovery } from './kill-in-recovery.js';
import { killInWalAppend } from './kill-in-wal-append.js';
import { powerInWalAppend } from './power-in-wal-append.js';
import { powerExhaustive } from './power-exhaustive.js';
import { powerInFlush } from './power-in-flush.js';
import { powerInCompaction } from './power-in-compaction.js';
import { powerAtManifestPublish } from './power-at-manifest-publish.js';
import { powerAtFileDeletion } from './power-at-file-deletion.js';
import { powerInRecovery } from './power-in-recovery.js';
import { failedFsync } from './failed-fsync.js';
import { powerInterleavings } from './power-interleavings.js';
import { killInWalRotation } from './kill-in-wal-rotation.js';
import { killInDeepCompaction } from './kill-in-deep-compaction.js';
import { killInTieredCompaction } from './kill-in-tiered-compaction.js';
import { powerInWalRotation } from './power-in-wal-rotation.js';
import { powerInDeepCompaction } from './power-in-deep-compaction.js';
import { powerInTieredCompaction } from './power-in-tiered-compaction.js';
import { validationFile } from './validation-file.js';

/** All scenarios, in the order in which a run plays them. */
export const SCENARIOS: readonly Scenario[] = [
  killInWalAppend,
  killInWalRotation,
  killInFlush,
  killInCompaction,
  killInDeepCompaction,
  killInTieredCompaction,
  killAtManifestRename,
  killInRecovery,
  killAtRandom,
  validationFile,
  powerInWalAppend,
  powerInWalRotation,
  powerInFlush,
  powerInCompaction,
  powerInDeepCompaction,
  powerInTieredCompaction,
  powerAtManifestPublish,
  powerAtFileDeletion,
  powerInRecovery,
  failedFsync,
  powerInterleavings,
  powerExhaustive,
];
