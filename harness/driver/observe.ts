import type { Engine } from '../../engine/index.js';
import type { Observation, OperationError } from '../history/event.js';
import type { Pair } from '../workload/operation.js';
import { toBytes, toText } from './byte-text.js';

/** Reads everything in two ways, each key by get and the whole by scan. A read that fails is part of what was seen. */
export async function observe(
  engine: Engine,
  keys: readonly string[],
  describe: (error: unknown) => OperationError,
): Promise<Omit<Observation, 'files'>> {
  const errors: string[] = [];
  const gets: (readonly [string, string | null])[] = [];
  for (const key of keys) {
    try {
      const value = await engine.get(toBytes(key));
      gets.push([key, value === undefined ? null : toText(value)]);
    } catch (error) {
      errors.push(`get: ${describe(error).message}`);
    }
  }
  const scan: Pair[] = [];
  try {
    for await (const [key, value] of engine.scan()) scan.push([toText(key), toText(value)]);
  } catch (error) {
    errors.push(`scan: ${describe(error).message}`);
  }
  return { gets, scan, errors };
}
