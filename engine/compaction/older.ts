import { compareKeys } from '../entry.js';
import type { Run } from '../manifest/runs.js';

/**
 * Whether anything older than the output of a compaction may hold a key: only where nothing does may a tombstone go. The
 * keys asked for ascend, so each run is walked once, however many tombstones there are. A key range that holds the key
 * counts, though the table may not have it: that costs a tombstone, never a value.
 */
export class OlderTables {
  readonly #runs: readonly Run[];
  /** Of each run the first table that may still hold a key asked for. */
  readonly #positions: number[];

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
    this.#positions = runs.map(() => 0);
  }

  mayHold(key: Uint8Array): boolean {
    return this.#runs.some((run, index) => {
      let position = this.#positions[index] ?? 0;
      while (position < run.length && compareKeys(run[position]?.largest ?? key, key) < 0) position++;
      this.#positions[index] = position;
      const table = run[position];
      return table !== undefined && compareKeys(table.smallest, key) <= 0;
    });
  }
}
