import type { Command } from 'commander';
import { loadHashes } from '../../engine/index.js';
import { inspectManifest, inspectTable, inspectWal } from '../../engine/inspect/inspect-path.js';
import { locate, locateDirectory } from '../../engine/inspect/locate.js';
import { showTree } from '../../engine/inspect/show-tree.js';
import { linesOf, type Shown } from '../../engine/inspect/shown.js';
import { openView } from '../../engine/inspect/view.js';
import { EXIT_FAULT, printLines } from './print-lines.js';

/**
 * `ninelives kv inspect wal|sst|manifest|tree`: what is in the files of a database, without opening it. Reads only;
 * the exit code is 1 if what is shown is damaged.
 */
export function addInspectCommand(kv: Command): void {
  const inspect = kv
    .command('inspect')
    .description('show what is in the files of a database, without opening it');
  add(inspect, 'wal', 'print the records of a WAL, or of all WALs of a database')
    .option('--values', 'print values, too')
    .action(async (path: string, options: Options) => {
      await print(options, () => inspectWal(locate(path), options.values === true));
    });
  add(inspect, 'sst', 'print the parts of a table, or of all tables of a database')
    .option('--entries', 'print the entries of each block')
    .option('--values', 'print entries with their values')
    .action(async (path: string, options: Options) => {
      const hashes = await loadHashes();
      const values = options.values === true;
      const shown = { values, entries: values || options.entries === true };
      await print(options, () => inspectTable(locate(path), hashes, shown));
    });
  add(inspect, 'manifest', 'print what a MANIFEST says; of a database, the newest one').action(
    async (path: string, options: Options) => {
      await print(options, () => inspectManifest(locate(path)));
    },
  );
  add(inspect, 'tree', 'print every file of a database and what a recovery would do', 'dir').action(
    async (path: string, options: Options) => {
      await print(options, () => tree(path));
    },
  );
}

interface Options {
  readonly json?: true;
  readonly values?: true;
  readonly entries?: true;
}

function add(inspect: Command, name: string, description: string, argument = 'file|dir'): Command {
  return inspect
    .command(name)
    .description(description)
    .argument(`<${argument}>`, argument === 'dir' ? 'a database' : 'one file, or the directory of a database')
    .option('--json', 'print NDJSON instead of text; keys and values are base64');
}

async function print({ json }: Options, show: () => Generator<Shown, boolean>): Promise<void> {
  await printLines(lines(json === true ? 'json' : 'text', show));
}

function* lines(form: 'text' | 'json', show: () => Generator<Shown, boolean>): Generator<string, number> {
  const shown = show();
  try {
    let step = shown.next();
    for (; step.done !== true; step = shown.next()) yield linesOf(step.value, form);
    return step.value ? 0 : EXIT_FAULT;
  } finally {
    shown.return(false);
  }
}

function* tree(path: string): Generator<Shown, boolean> {
  const view = openView(locateDirectory(path));
  try {
    return yield* showTree(view);
  } finally {
    view.close();
  }
}
