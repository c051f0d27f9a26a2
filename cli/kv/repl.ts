import type { Command } from 'commander';
import type { Engine, Environment } from '../../engine/index.js';
import { ReplError, runScript, runTerminal, type Session } from '../../engine/repl/index.js';
import { EXIT_UNKNOWN, EXIT_USAGE } from '../exit-code.js';
import { abortOnSignals } from '../interrupts.js';
import {
  addDatabaseArguments,
  databaseExitCode,
  type DatabaseArguments,
  withDatabase,
} from './open-database.js';

/**
 * `ninelives kv repl DIRECTORY`: commands at a prompt where standard input is a terminal, else a script from standard
 * input, which ends at the first line that fails: exit code 2 for a line that is no command, else that of the
 * engine's error.
 */
export function addReplCommand(kv: Command): void {
  addDatabaseArguments(
    kv.command('repl').description('type commands for a database, or pipe in a script of them'),
  ).action(async (directory: string, given: DatabaseArguments) => {
    const signal = abortOnSignals(() => undefined);
    await withDatabase(directory, given, async (engine, environment) => {
      await converse(sessionOf(engine, environment), signal);
    });
  });
}

async function converse(session: Session, signal: AbortSignal): Promise<void> {
  const { stdin, stdout, stderr } = process;
  if (stdin.isTTY) return await runTerminal(session, stdin, stdout, signal, messageOf);
  const end = await runScript(session, stdin, stdout, signal);
  switch (end.kind) {
    case 'done':
      return;
    case 'interrupted':
      stderr.write(`ninelives: interrupted in line ${end.line}; the rest was not done.\n`);
      process.exitCode = EXIT_UNKNOWN;
      return;
    case 'failed': {
      const exitCode = end.error instanceof ReplError ? EXIT_USAGE : databaseExitCode(end.error);
      if (exitCode === undefined) throw end.error;
      stderr.write(`ninelives: line ${end.line}: ${messageOf(end.error)} The rest was not done.\n`);
      process.exitCode = exitCode;
    }
  }
}

function sessionOf(engine: Engine, { pause }: Environment): Session {
  const kill = async () => {
    process.kill(process.pid, 'SIGKILL');
    return await new Promise<never>(() => undefined);
  };
  return { engine, pause, kill, epoch: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
