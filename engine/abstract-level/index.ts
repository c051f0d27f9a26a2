/** The door of the abstract-level adapter: what `ninelives/abstract-level` exports. */
export { NinelivesLevel } from './level.js';
export { LevelError, type LevelErrorCode } from './errors.js';
export type {
  BatchOptions,
  ClearOptions,
  DatabaseOptions,
  DelOptions,
  OpenOptions,
  PutOptions,
  StartEndOptions,
} from './options.js';
export type { ChainedBatch, ChainedBatchWriteOptions } from './chained-batch.js';
