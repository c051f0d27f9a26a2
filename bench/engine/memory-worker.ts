import { Engine, type EngineOptions, nodeEnvironment } from '../../engine/index.js';
import { presentKey, valueOf } from './dataset.js';

/**
 * The child of bench/engine-memory.ts: `memory-worker.js load|open <directory> <entries> <options as JSON>`. It keeps
 * no list of keys, so that what is resident is Node, the engine and one batch. It says on standard output what it
 * has done, one JSON message a line, and waits for the end of standard input before it closes.
 */
export type MemoryMessage =
  | { readonly kind: 'loaded'; readonly seconds: number }
  | { readonly kind: 'settled'; readonly seconds: number }
  | { readonly kind: 'opened'; readonly milliseconds: number; readonly found: number };

const BATCH = 1_000;
const CHECKED = 1_000;

const [task, directory = '.', entries, options = '{}'] = process.argv.slice(2);
const startMs = performance.now();
const engine = await Engine.open(nodeEnvironment(directory), JSON.parse(options) as Partial<EngineOptions>);
const openedMs = performance.now() - startMs;
if (task === 'load') await load(Number(entries));
else say({ kind: 'opened', milliseconds: openedMs, found: await countSome(Number(entries)) });
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
await engine.close();

async function load(count: number): Promise<void> {
  for (let at = 0; at < count; at += BATCH) {
    const batch = [];
    for (let index = at; index < Math.min(count, at + BATCH); index++) {
      const entry = scattered(index, count);
      batch.push({ kind: 'put', key: presentKey(entry), value: valueOf(entry) } as const);
    }
    await engine.write(batch);
  }
  say({ kind: 'loaded', seconds: secondsSinceStart() });
  await engine.settled();
  say({ kind: 'settled', seconds: secondsSinceStart() });
}

/** Every number below `count` once, in an order far from sorted, without a list: steps by a prime that does not divide it. */
function scattered(index: number, count: number): number {
  const prime = count % 1_618_033 === 0 ? 2_718_281 : 1_618_033;
  return (index * prime) % count;
}

/** How many of some entries are there, with their values. */
async function countSome(count: number): Promise<number> {
  let found = 0;
  const step = Math.max(1, Math.floor(count / CHECKED));
  for (let entry = 0; entry < count; entry += step) {
    const value = await engine.get(presentKey(entry));
    if (value !== undefined && valueOf(entry).equals(value)) found++;
    else
      throw new Error(
        `Expected entry ${entry} with its value, got ${value === undefined ? 'none' : 'another'}.`,
      );
  }
  return found;
}

function secondsSinceStart(): number {
  return (performance.now() - startMs) / 1_000;
}

function say(message: MemoryMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
