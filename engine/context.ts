import type { Environment } from './environment.js';
import type { EngineOptions } from './options.js';
import type { Hashes } from './table/hashes.js';

/** What every part of one open database shares. */
export interface EngineContext {
  readonly environment: Environment;
  readonly options: EngineOptions;
  readonly hashes: Hashes;
}
