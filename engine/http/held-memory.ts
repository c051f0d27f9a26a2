import { HttpError } from './errors.js';

/**
 * Counts the bytes of bodies and values that requests hold in memory, so that many large ones at a time are refused
 * and not the end of the process. A request that holds alone is always let through: whatever the engine takes can be
 * written, one at a time.
 */
export class HeldMemory {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What all requests together hold at present. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For one request; `release` must be called at its end, and may be called before. */
  share(): Share {
    let held = 0;
    return {
      take: (bytes) => {
        if (this.#bytes > held && this.#bytes + bytes > this.#bytesMax) {
          throw new HttpError(
            'HTTP_BUSY',
            `Expected room for ${bytes} more bytes, other requests hold ${this.#bytes - held} of ${this.#bytesMax}; try again.`,
          );
        }
        held += bytes;
        this.#bytes += bytes;
      },
      release: () => {
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}

export interface Share {
  /** Throws HTTP_BUSY if that is more than there is room for; nothing is taken then. */
  take(bytes: number): void;
  /** Gives all of it back; more can be taken afterwards. */
  release(): void;
}
