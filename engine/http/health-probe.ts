import type { Engine, EngineError } from '../index.js';
import { isReadOnly } from './failure.js';

/**
 * Whether the engine still takes writes. It says so at once when a request has met the failure, and asks the engine
 * itself otherwise: that answers when no background work is under way, so a failure in the middle of much of it
 * may be told a moment later. Nothing is written to find out.
 */
export class HealthProbe {
  readonly #engine: Engine;
  readonly #pause: () => Promise<void>;
  #failure: EngineError | undefined;
  #asking: Promise<void> | undefined;

  /** `pause` lets others run, and so gives the engine the time to answer. */
  constructor(engine: Engine, pause: () => Promise<void>) {
    this.#engine = engine;
    this.#pause = pause;
  }

  /** Remembers the first error of a request that says that the engine is read-only; it stays so until it is reopened. */
  note(error: unknown, writing: boolean): void {
    if (isReadOnly(error, writing)) this.#failure ??= error;
  }

  /** What made the engine read-only; undefined if it takes writes. */
  async failure(): Promise<EngineError | undefined> {
    if (this.#failure !== undefined) return this.#failure;
    this.#asking ??= this.#engine
      .settled()
      .catch((error: unknown) => this.note(error, false))
      .finally(() => (this.#asking = undefined));
    await Promise.race([this.#asking, this.#pause()]);
    return this.#failure;
  }
}
