import { Command, CommanderError } from 'commander';
import { HarnessError } from '../harness/index.js';
import { CaseError } from '../harness/run/case-error.js';
import { packageVersion } from '../harness/run/environment-record.js';
import { TraceError } from '../harness/disk/trace-error.js';
import { FaultError } from '../harness/faults/ending.js';
import { HistoryError } from '../harness/history/ndjson.js';
import { PatchError } from '../harness/targets/patch-error.js';
import { ValidationFileError } from '../harness/workload/validation-file.js';
import { ReportError } from '../reports/report-error.js';
import { addDiskCommand } from './disk.js';
import { EXIT_UNKNOWN, EXIT_USAGE } from './exit-code.js';
import { addGalleryCommand } from './gallery.js';
import { addListCommand } from './list.js';
import { addReplayCommand } from './replay.js';
import { addRunCommand } from './run.js';
import { addTraceCommand } from './trace.js';

/**
 * The `ninelives` command. Wrong use is one sentence on stderr and exit code 2; an error that nobody foresaw keeps
 * its stack and is exit code 3, because then nothing is known about the engine.
 */
const program = new Command('ninelives')
  .description('Kills a storage engine wherever it could hurt and proves that what it acknowledged survives.')
  .version(packageVersion())
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 held, 1 violated, 2 usage, 3 unknown.');
const COMMANDS = [
  ...[addRunCommand, addGalleryCommand, addReplayCommand],
  ...[addListCommand, addTraceCommand, addDiskCommand],
];
for (const add of COMMANDS) add(program);
for (const command of withCommandsBelow(program)) {
  command.exitOverride().showSuggestionAfterError();
  const help = `${nameOf(command)} --help`;
  command.configureOutput({
    outputError: (text, write) =>
      write(`${text.trim().replaceAll('\n', ' ').replace(/\.$/, '')}; see \`${help}\`.\n`),
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOfError(error);
}

/** A command and all below it: `trace` and `trace show`. */
function withCommandsBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withCommandsBelow)];
}

/** As a user types it: `ninelives trace show`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function exitCodeOfError(error: unknown): number {
  // Commander has already said what is wrong; asking for help or the version is not wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (
    error instanceof HarnessError ||
    error instanceof CaseError ||
    error instanceof FaultError ||
    error instanceof HistoryError ||
    error instanceof PatchError ||
    error instanceof TraceError ||
    error instanceof ValidationFileError ||
    error instanceof ReportError
  ) {
    process.stderr.write(`ninelives: ${error.message}\n`);
    return EXIT_USAGE;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    process.stderr.write(
      `ninelives: Expected room for what is to be written, got: ${message}; free some, or give another directory.\n`,
    );
    return EXIT_UNKNOWN;
  }
  process.stderr.write(
    `ninelives: an error that nobody foresaw, so nothing is known: ${String((error as Error).stack ?? error)}\n`,
  );
  return EXIT_UNKNOWN;
}
