/** The reference engine's door: everything that may be used from outside of `engine/`. */
export {
  BATCH_BYTES_MAX,
  DEFAULT_OPTIONS,
  type EngineOptions,
  KEY_BYTES_MAX,
  VALUE_BYTES_MAX,
} from './options.js';
export type { BatchWrite, KeyBounds } from './arguments.js';
export { Engine, type ReadOptions, type ScanOptions, type WriteOptions } from './engine.js';
export { EngineError, type EngineErrorCode } from './errors.js';
export type { Clock, Environment } from './environment.js';
export type { Pair, Scan } from './scan.js';
export type { Snapshot } from './snapshots.js';
export type { EngineStats } from './stats.js';
export type { FileReport } from './machinery.js';
export { type DatabaseFile, pathOf } from './filenames.js';
export { nodeEnvironment } from './node-environment.js';
export { listDatabase } from './recovery/directory.js';
export { loadHashes } from './table/hashes.js';
export { type Answer, wrongAnswer, wrongAnswerText } from './validation/answers.js';
export {
  parseValidationFile,
  type ValidationFile,
  ValidationFileError,
  type ValidationLine,
} from './validation/validation-file.js';
export { NodeVfs } from './vfs/node-vfs.js';
export { type ReadLabel, STEP_LABELS, type StepLabel, tableLabels } from './vfs/step.js';
export type { Vfs, VfsFile, VfsLock } from './vfs/vfs.js';
