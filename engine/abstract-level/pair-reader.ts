import type { Engine, Pair, Scan, Snapshot } from '../index.js';
import { LevelError, levelErrorOf } from './errors.js';
import { isOutside, type Range, toEngineBounds } from './keys.js';
import type { IteratorReadOptions } from './options.js';
import { readAt } from './snapshot.js';

/**
 * What the three iterators read from: pairs of a range as of one moment, with `seek`.
 *
 * The moment is a snapshot, taken when the reader is made; a scan is opened at the first read after that and after
 * every seek. Pairs are read ahead, a few at first and more while they are small, so that neither a promise a pair nor
 * much memory is needed. The engine reads without ever waiting, so a long loop over an iterator would keep the process
 * from everything else; every thousand pairs the reader lets others run. It keeps no count of the limit, which
 * abstract-level does.
 */
export class PairReader {
  readonly #engine: Engine;
  readonly #options: IteratorReadOptions;
  readonly #pause: () => Promise<void>;
  /** Ours to release; undefined if the caller has given an explicit one. */
  readonly #ownView: Snapshot | undefined;
  #bounds: ReturnType<typeof toEngineBounds>;
  #scan: Scan | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #ahead: readonly Pair[] = NONE;
  #position = 0;
  #aheadCount = 1;
  #sincePause = 0;

  /** `pause` lets others run. */
  constructor(engine: Engine, options: IteratorReadOptions, pause: () => Promise<void>) {
    this.#engine = engine;
    this.#options = options;
    this.#pause = pause;
    this.#bounds = toEngineBounds(options);
    this.#ownView = readAt(options.snapshot).snapshot === undefined ? engine.snapshot() : undefined;
  }

  /** The next pair, undefined at the end. LEVEL_ABORTED, and the errors of a read. */
  async next(): Promise<Pair | undefined> {
    if (this.#position === this.#ahead.length) await this.#readAhead();
    const pair = this.#ahead[this.#position];
    if (pair !== undefined) this.#position++;
    return pair;
  }

  /** A pair that `next` would give without reading, if there is one. */
  nextRead(): Pair | undefined {
    return this.#position < this.#ahead.length ? this.#ahead[this.#position++] : undefined;
  }

  /** The next `count` pairs, mapped; fewer, or none, only at the end. Errors as `next`. */
  async take<Item>(count: number, map: (pair: Pair) => Item): Promise<Item[]> {
    const items: Item[] = [];
    while (items.length < count) {
      const pair = this.nextRead() ?? (await this.next());
      if (pair === undefined) break;
      items.push(map(pair));
    }
    return items;
  }

  /** Goes on at the key closest to `target` in the direction of the iterator; at the end if the range excludes it. */
  seek(target: Buffer): void {
    this.#endScan();
    this.#ended = isOutside(target, this.#options);
    this.#bounds = toEngineBounds(rangeFrom(target, this.#options));
  }

  /** Gives back what reading holds. */
  close(): void {
    this.#endScan();
    this.#ended = true;
    this.#ownView?.release();
  }

  async #readAhead(): Promise<void> {
    this.#ahead = NONE;
    this.#position = 0;
    if (this.#sincePause >= PAIRS_BETWEEN_PAUSES) {
      this.#sincePause = 0;
      await this.#pause();
    }
    if (!this.#ended) this.#ahead = await this.#read(this.#aheadCount);
    if (this.#options.signal?.aborted === true) {
      throw new LevelError('LEVEL_ABORTED', 'Expected to read on, got an aborted signal.');
    }
    this.#sincePause += this.#ahead.length;
    this.#ended ||= this.#ahead.length < this.#aheadCount;
    this.#aheadCount =
      bytesOf(this.#ahead) > AHEAD_BYTES ? 1 : Math.min(2 * this.#aheadCount, AHEAD_PAIRS_MAX);
  }

  /** A scan that has failed would look as if it had come to its end, so its error stays until the next seek. */
  async #read(count: number): Promise<readonly Pair[]> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      this.#scan ??= this.#openScan();
      return await this.#scan.nextMany(count);
    } catch (error) {
      this.#failure = { error: levelErrorOf(error) };
      throw this.#failure.error;
    }
  }

  #openScan(): Scan {
    const { reverse, limit, snapshot } = this.#options;
    const view = this.#ownView === undefined ? readAt(snapshot) : { snapshot: this.#ownView };
    return this.#engine.scan({ ...this.#bounds, ...view, reverse, limit: limit < 0 ? Infinity : limit });
  }

  #endScan(): void {
    // It ends at once; the promise has nothing to say.
    void this.#scan?.return();
    this.#scan = undefined;
    this.#failure = undefined;
    this.#ahead = NONE;
    this.#position = 0;
    this.#aheadCount = 1;
  }
}

const NONE: readonly Pair[] = [];
const AHEAD_PAIRS_MAX = 64;
const AHEAD_BYTES = 64 * 1024;
const PAIRS_BETWEEN_PAUSES = 1_000;

/** The part of a range that is left when an iterator goes on at `target`. */
function rangeFrom(target: Buffer, { gte, gt, lte, lt, reverse }: IteratorReadOptions): Range {
  return reverse ? { gte, gt, lte: target } : { gte: target, lte, lt };
}

function bytesOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
