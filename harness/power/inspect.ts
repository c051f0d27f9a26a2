import { Engine, type Environment } from '../../engine/index.js';
import type { Disk } from '../disk/disk.js';
import { MemoryVfs } from '../disk/memory-vfs.js';
import { toBytes, toText } from '../driver/byte-text.js';
import { codeAndMessage } from '../driver/engine-life.js';
import { stream } from '../random.js';
import type { CrashCase } from '../workload/case.js';
import { lowestNumberMade } from './used-numbers.js';

/**
 * Recovers a disk with the engine and looks at everything: each key by get, all by scan, the files, and whether it takes
 * a write, flushes it and reads it back. This is the fast way, thousands of times a second: nothing is ordered or
 * recorded, every completion comes at once. What it objects to is played again in the exact way (play-in-memory.ts)
 * before anybody is accused.
 */
export async function inspect(
  disk: Disk,
  crashCase: CrashCase,
  keys: readonly string[],
  probe: boolean,
): Promise<Inspection> {
  const vfs = new MemoryVfs(disk);
  // Everything here completes without the event loop going round, so what is not done by then never will be.
  const work = look(vfs, disk, crashCase, keys, probe);
  return await Promise.race([work, afterAllElse(HANGS)]);
}

export interface Inspection {
  /** What was read, one text for each different content (see `contentText`); undefined if it could not be read. */
  readonly content: string | undefined;
  /** What is wrong apart from the content, in words. */
  readonly problem: string | undefined;
  /** Lowest number of a file that recovery has made, Infinity if there is none. */
  readonly lowestMade: number;
}

/** Values in the order of the keys, null for none, as one text. The separators are no byte text. */
export function contentText(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? '\u0100').join('\u0101');
}

const HANGS: Inspection = { content: undefined, problem: 'recovery hangs', lowestMade: Infinity };

async function look(
  vfs: MemoryVfs,
  disk: Disk,
  crashCase: CrashCase,
  keys: readonly string[],
  probe: boolean,
): Promise<Inspection> {
  const random = stream(crashCase.seed, 'engine');
  const environment: Environment = {
    vfs,
    clock: { nowMs: () => 0, after: () => () => undefined },
    randomUint32: () => random.uint32(),
    pause: () => NOW,
  };
  let content: string | undefined;
  let lowestMade = Infinity;
  try {
    const engine = await Engine.open(environment, crashCase.options);
    const paths = vfs.sizes().map(({ path }) => path);
    lowestMade = lowestNumberMade(new Set(disk.files.keys()), paths);
    const values: (string | null)[] = [];
    for (const key of keys) {
      const value = await engine.get(toBytes(key));
      values.push(value === undefined ? null : toText(value));
    }
    content = contentText(values);
    const problem = (await scanProblem(engine, keys, values)) ?? fileProblem(engine, vfs, true);
    if (problem !== undefined) return { content, problem, lowestMade };
    if (probe) {
      await engine.put(PROBE, PROBE);
      await engine.flush();
      if ((await engine.get(PROBE)) === undefined)
        return { content, problem: 'a new write is not read back', lowestMade };
    }
    await engine.settled();
    const leaked = fileProblem(engine, vfs, false);
    if (leaked !== undefined) return { content, problem: leaked, lowestMade };
    await engine.close();
    return { content, problem: undefined, lowestMade };
  } catch (error) {
    const { code, message } = codeAndMessage(error);
    return { content, problem: `${code}: ${message}`, lowestMade };
  }
}

async function scanProblem(
  engine: Engine,
  keys: readonly string[],
  values: readonly (string | null)[],
): Promise<string | undefined> {
  let next = 0;
  for await (const [keyBytes, valueBytes] of engine.scan()) {
    while (next < keys.length && values[next] === null) next++;
    if (keys[next] !== toText(keyBytes) || values[next] !== toText(valueBytes))
      return 'scan and gets disagree';
    next++;
  }
  while (next < keys.length && values[next] === null) next++;
  return next === keys.length ? undefined : 'scan and gets disagree';
}

/** `busy`: background work may still hold files of its own. */
function fileProblem(engine: Engine, vfs: MemoryVfs, busy: boolean): string | undefined {
  const { live, pending, obsolete } = engine.files();
  const named = new Set(busy ? [...live, ...pending, ...obsolete] : live);
  for (const { path } of vfs.sizes()) if (!named.has(path)) return `orphan ${path}`;
  const missing = live.find((path) => path !== 'LOCK' && !vfs.hasFile(path));
  return missing === undefined ? undefined : `missing ${missing}`;
}

const NOW = Promise.resolve();
const PROBE = toBytes('~still-alive');

/** Resolves when the event loop has gone round, which is after everything that waits for nothing but itself. */
function afterAllElse<Value>(value: Value): Promise<Value> {
  return new Promise((resolve) => setImmediate(resolve, value));
}
