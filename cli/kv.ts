import type { Command } from 'commander';
import { addBenchCommand } from './kv/bench.js';
import { addReplCommand } from './kv/repl.js';
import { addRunFileCommand } from './kv/run-file.js';
import { addServeCommand } from './kv/serve.js';

/**
 * `ninelives kv`: the reference engine by itself, as a small database. One command a file in `kv/`; this file only
 * gathers them.
 */
export function addKvCommand(program: Command): void {
  const kv = program.command('kv').description('use the reference engine as a small key-value database');
  for (const add of COMMANDS) add(kv);
}

/** In the order in which the help shows them. */
const COMMANDS: readonly ((kv: Command) => void)[] = [
  ...[addServeCommand, addReplCommand],
  ...[addRunFileCommand, addBenchCommand],
];
