import type { Command } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_SYSTEMS } from '../harness/disk/validate/file-systems.js';
import { encodeObservation } from '../harness/disk/validate/observation.js';
import { type FileSystemResult, type Trial, validateDisk } from '../harness/disk/validate/validate.js';
import { WALL_CLOCK } from '../harness/run/wall-clock.js';
import { EXIT_UNKNOWN } from './exit-code.js';
import { abortOnSignals } from './interrupts.js';
import { pickByName, wholeNumber } from './options.js';
import { progressReporter } from './progress-line.js';
import { prepareOut } from './write-reports.js';

/** `ninelives disk validate`: the simulator of power losses against real file systems. */
export function addDiskCommand(program: Command): void {
  program
    .command('disk')
    .description('the simulated disk')
    .command('validate')
    .description('check the models of power loss against ext4, xfs and btrfs; needs root and loop devices')
    .option('--trials <n>', 'trials a file system', wholeNumber(1, 100_000), 20)
    .option('--seed <n>', 'seed of the traces', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--fs <names>', 'file systems, with commas between (default: all)', (text) => text.split(','))
    .option('--dir <dir>', 'where the images lie (default: /dev/shm or the temporary directory)')
    .option('--out <dir>', 'disagreements are saved in disk-validate/ below this', 'out')
    .option('--keep', 'save every trial, not only disagreements')
    .action(diskValidate);
}

interface ValidateOptions {
  readonly trials: number;
  readonly seed: number;
  readonly fs?: readonly string[];
  readonly dir?: string;
  readonly out: string;
  readonly keep?: true;
}

async function diskValidate(options: ValidateOptions): Promise<void> {
  const fileSystems = pickByName('file system', FILE_SYSTEMS, ({ name }) => name, options.fs ?? []);
  prepareOut(options.out);
  const progress = progressReporter(process.stderr, () => WALL_CLOCK.monotonicMs());
  const say = (line: string) => {
    progress.done();
    process.stderr.write(`${line}\n`);
  };
  const signal = abortOnSignals((name) => say(`${name}: taking everything down`));
  const { missing, fileSystems: results } = await validateDisk({
    fileSystems,
    trials: options.trials,
    seed: options.seed,
    dataParent: options.dir,
    signal,
    say,
    onTrial: (result, trial) => {
      progress.show(progressText(result, options.trials));
      if (trial.kind === 'failed') say(`${result.name} trial ${trial.trial}: ${trial.why}`);
      else save(trial, options, say);
    },
  });
  progress.done();
  for (const sentence of missing) process.stderr.write(`ninelives: ${sentence}\n`);
  if (results.length > 0) process.stdout.write(tableText(results));
  process.exitCode = exitCodeOf(results, missing.length > 0 || signal.aborted);
}

/** A disagreement becomes a file, and a line that says where and why. */
function save(
  { observation, membership }: Extract<Trial, { readonly kind: 'judged' }>,
  { out, keep }: ValidateOptions,
  say: (line: string) => void,
): void {
  const impossible = membership.kind === 'impossible';
  if (!impossible && keep !== true) return;
  const { fileSystem, seed, trial, model } = observation;
  const directory = join(out, 'disk-validate');
  const path = join(directory, `${fileSystem}-${seed}-${trial}.json`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, encodeObservation(observation));
  if (impossible)
    say(`${fileSystem} trial ${trial}: the model ${model} does not allow ${path}: ${membership.why}`);
}

function progressText({ name, trials, disagreed, lost }: FileSystemResult, of: number): string {
  const found = disagreed > 0 ? `  ${disagreed} DISAGREED` : '';
  return `${name}  trial ${trials} of ${of}  something lost in ${lost}${found}`;
}

const COLUMNS = [
  ['file system', (result: FileSystemResult) => result.name],
  ['kernel', (result: FileSystemResult) => result.kernel],
  ['trials', (result: FileSystemResult) => `${result.trials}`],
  ['agreed', (result: FileSystemResult) => `${result.agreed}`],
  ['disagreed', (result: FileSystemResult) => `${result.disagreed}`],
  ['undecided', (result: FileSystemResult) => `${result.undecided}`],
  ['something lost', (result: FileSystemResult) => `${result.lost}`],
  ['distinct shapes', (result: FileSystemResult) => `${result.shapes.size}`],
] as const;

function tableText(results: readonly FileSystemResult[]): string {
  const rows = [
    COLUMNS.map(([title]) => title as string),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('');
}

/** 1 if reality did what a model forbids; 3 if something could not be looked at; else 0. */
function exitCodeOf(results: readonly FileSystemResult[], incomplete: boolean): number {
  if (results.some(({ disagreed }) => disagreed > 0)) return 1;
  return incomplete || results.some(({ undecided }) => undecided > 0) ? EXIT_UNKNOWN : 0;
}
