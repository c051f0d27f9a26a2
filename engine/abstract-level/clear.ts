import type { BatchWrite, Engine } from '../index.js';
import { toEngineBounds } from './keys.js';
import type { RangeReadOptions, SyncOption } from './options.js';
import { readAt } from './snapshot.js';
import { writeOptions } from './writes.js';

/**
 * Deletes the keys that a range had when the call was made, or that its snapshot has, in batches of a thousand. Each
 * batch is whole after any crash, the call is not: a crash in the middle leaves a part of the range. A key that is
 * written again meanwhile may go, too, as abstract-level allows.
 *
 * Keys are read a few at a time because their values come with them, and others run between two batches.
 */
export async function clearRange(
  engine: Engine,
  options: RangeReadOptions,
  sync: SyncOption,
  pause: () => Promise<void>,
): Promise<void> {
  const { reverse, limit, snapshot } = options;
  const scan = engine.scan({
    ...toEngineBounds(options),
    ...readAt(snapshot),
    reverse,
    limit: limit < 0 ? Infinity : limit,
  });
  try {
    for (let ended = false; !ended;) {
      const deletions: BatchWrite[] = [];
      while (!ended && deletions.length < BATCH_KEYS) {
        const pairs = await scan.nextMany(READ_PAIRS);
        for (const [key] of pairs) deletions.push({ kind: 'delete', key });
        ended = pairs.length < READ_PAIRS;
      }
      await engine.write(deletions, writeOptions(sync));
      if (!ended) await pause();
    }
  } finally {
    await scan.return();
  }
}

const BATCH_KEYS = 1_000;
const READ_PAIRS = 8;
