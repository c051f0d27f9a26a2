import type { BatchWrite, Engine, Snapshot, WriteOptions } from '../index.js';

/**
 * Submits the writes of all requests, and says of each put whether its key was new, exactly, although concurrent
 * writers of one key share a group commit and none waits for another. The engine carries writes in the order in which
 * they were submitted, so what a put finds is what the last submitted write of its key left: one that is not answered
 * yet, which this class remembers, or else what a read finds at the moment of submission.
 *
 * Writes that go past it, by the same process, are seen once they are answered.
 */
export class KeyWrites {
  readonly #engine: Engine;
  /** The last submitted write of each key, until it is answered. */
  readonly #unanswered = new Map<string, BatchWrite>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Resolves, once the write is acknowledged, with 'created' if the key was not there. Errors as `Engine.put`. */
  async put(key: Uint8Array, value: Uint8Array, options: WriteOptions): Promise<'created' | 'replaced'> {
    const found = this.#isThere(key);
    await this.write([{ kind: 'put', key, value }], options);
    return (await found) ? 'replaced' : 'created';
  }

  /** All or nothing. Errors as `Engine.write`. */
  async write(batch: readonly BatchWrite[], options: WriteOptions): Promise<void> {
    // Remembered and submitted in one go: no other request may come between.
    for (const write of batch) this.#unanswered.set(nameOf(write.key), write);
    try {
      await this.#engine.write(batch, options);
    } finally {
      for (const write of batch) {
        const name = nameOf(write.key);
        if (this.#unanswered.get(name) === write) this.#unanswered.delete(name);
      }
    }
  }

  /** Taken now, never rejects: a key that cannot be read because of damage was there, and can still be written. */
  async #isThere(key: Uint8Array): Promise<boolean> {
    const last = this.#unanswered.get(nameOf(key));
    if (last !== undefined) return last.kind === 'put';
    let snapshot: Snapshot | undefined;
    try {
      snapshot = this.#engine.snapshot();
      return (await this.#engine.get(key, { snapshot })) !== undefined;
    } catch {
      return true;
    } finally {
      snapshot?.release();
    }
  }
}

/** One character a byte. */
function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
