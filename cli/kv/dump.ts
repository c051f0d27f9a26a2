import { type Command, InvalidArgumentError } from 'commander';
import { loadHashes } from '../../engine/index.js';
import { dumpPairs, type DumpRange } from '../../engine/inspect/dump.js';
import { locateDirectory } from '../../engine/inspect/locate.js';
import { decodeBase64, pairLine } from '../../engine/inspect/pair-line.js';
import { openView } from '../../engine/inspect/view.js';
import type { Hashes } from '../../engine/table/hashes.js';
import { HarnessError } from '../../harness/index.js';
import { wholeNumber } from '../options.js';
import { printLines } from './print-lines.js';

/**
 * `ninelives kv dump DIR`: every pair as one line of NDJSON, as a recovery would find them, without a recovery. Damage
 * ends it with exit code 1 after what could be read before it.
 */
export function addDumpCommand(kv: Command): void {
  kv.command('dump')
    .description('print the pairs of a database as NDJSON, without opening it')
    .argument('<dir>', 'a database')
    .option('--gte <base64>', 'first key, included', key)
    .option('--lt <base64>', 'last key, excluded', key)
    .option('--prefix <base64>', 'only keys that begin with these bytes', key)
    .option('--reverse', 'from the last key to the first')
    .option('--limit <n>', 'pairs at the most', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--json', 'NDJSON, which is what is printed anyway')
    .action(async (path: string, options: Options) => {
      const range = rangeOf(options);
      await printLines(dump(path, range, await loadHashes()));
    });
}

interface Options {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly prefix?: Uint8Array;
  readonly reverse?: true;
  readonly limit?: number;
}

function key(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Expected base64 with its padding.');
}

function rangeOf({ gte, lt, prefix, ...rest }: Options): DumpRange {
  if (prefix === undefined) {
    return { ...(gte === undefined ? {} : { gte }), ...(lt === undefined ? {} : { lt }), ...rest };
  }
  if (gte === undefined && lt === undefined) {
    const end = endOfPrefix(prefix);
    return { gte: prefix, ...(end === undefined ? {} : { lt: end }), ...rest };
  }
  throw new HarnessError(
    'bad-option',
    'Expected either --prefix, or --gte and --lt, got both; leave one out.',
  );
}

/** The first key after all that begin with `prefix`; undefined if there is none. */
function endOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte !== 0xff);
  if (last < 0) return undefined;
  const end = prefix.slice(0, last + 1);
  end[last] = (end[last] ?? 0) + 1;
  return end;
}

function* dump(path: string, range: DumpRange, hashes: Hashes): Generator<string, number> {
  const view = openView(locateDirectory(path));
  try {
    for (const pair of dumpPairs(view, hashes, range)) yield pairLine(pair);
  } finally {
    view.close();
  }
  return 0;
}
