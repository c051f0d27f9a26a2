import type { BatchWrite } from '../arguments.js';
import { EngineError } from '../errors.js';
import type { Engine } from '../engine.js';
import { byteText } from './byte-text.js';
import { InspectError } from './inspect-error.js';
import { type Line, malformed } from './lines.js';
import { parsePairLine } from './pair-line.js';

/**
 * Writes lines (pair-line.ts) into a database, in batches, and makes them durable at the end. A line that is no write ends
 * it: what came before is loaded first and stays, what comes after is not looked at. Empty lines are left out. Batches
 * are for speed only: where a load is killed, it may be in the middle of the input.
 */
export async function loadLines(engine: Engine, lines: AsyncIterable<Line>): Promise<LoadOutcome> {
  const counts = { lines: 0, puts: 0, deletes: 0 };
  let batch: BatchWrite[] = [];
  let batchBytes = 0;
  const write = async (): Promise<void> => {
    await engine.write(batch);
    counts.lines += batch.length;
    counts.puts += batch.filter(({ kind }) => kind === 'put').length;
    counts.deletes = counts.lines - counts.puts;
    batch = [];
    batchBytes = 0;
  };
  try {
    let refused: InspectError | undefined;
    try {
      for await (const { number, text } of lines) {
        if (text.trim() === '') continue;
        const parsed = parsePairLine(text);
        if (typeof parsed === 'string') throw malformed(number, parsed);
        batch.push(parsed);
        batchBytes += parsed.key.length + (parsed.kind === 'put' ? parsed.value.length : 0);
        if (batch.length >= BATCH_WRITES_MAX || batchBytes >= BATCH_BYTES_MAX) await write();
      }
    } catch (error) {
      if (!(error instanceof InspectError)) throw error;
      refused = error;
    }
    await write();
    await engine.sync();
    return { ...counts, error: refused };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...counts, error };
  }
}

/** Throws 'holds-data' if there is a pair. Deletes alone are no data. */
export async function refuseData(engine: Engine): Promise<void> {
  const [pair] = await engine.scan({ limit: 1 }).nextMany(1);
  if (pair === undefined) return;
  throw new InspectError(
    'holds-data',
    `Expected a database without pairs, found one that holds ${byteText(pair[0])}; nothing was loaded: give another directory, or --merge to let lines replace what is there under their keys.`,
  );
}

export interface LoadOutcome {
  /** Lines that were loaded and stay; empty ones are not counted. */
  readonly lines: number;
  readonly puts: number;
  readonly deletes: number;
  /** Why the rest was not loaded: a line that is no write, or what the engine says. */
  readonly error: InspectError | EngineError | undefined;
}

const BATCH_WRITES_MAX = 500;
const BATCH_BYTES_MAX = 1 << 20;
