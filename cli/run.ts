import type { Command } from 'commander';
import { join } from 'node:path';
import { ALL_MODELS, lsmTarget, runCampaign } from '../harness/index.js';
import { PACKAGE_ROOT } from '../harness/targets/target.js';
import { WALL_CLOCK } from '../harness/run/wall-clock.js';
import { renderSummary } from '../reports/text.js';
import { SCENARIOS } from '../scenarios/index.js';
import { colourWanted } from './colour.js';
import { exitCodeOf } from './exit-code.js';
import { abortOnSignals } from './interrupts.js';
import { pickByName, positiveNumber, requireThere, WORKERS_DEFAULT, wholeNumber } from './options.js';
import { progressReporter, progressText } from './progress-line.js';
import { prepareOut, writeReports } from './write-reports.js';

/** `ninelives run [scenario...]`: the main job. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description(
      'kill the engine, or let its power fail, at every step of the scenarios and check what it kept',
    )
    .argument('[scenario...]', 'names of scenarios (default: all; see `ninelives list`)')
    .option('--seed <n>', 'seed of the whole run', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--effort <x>', 'multiplies the number of random cases', positiveNumber(10_000), 1)
    .option(
      '--workers <n>',
      'child processes at a time, and threads for power losses up to one a core',
      wholeNumber(1, 256),
      WORKERS_DEFAULT,
    )
    .option('--corpus <dir>', 'saved cases, replayed first', join(PACKAGE_ROOT, 'scenarios', 'corpus'))
    .option('--no-corpus', 'do not replay saved cases')
    .option(
      '--states <n>',
      'distinct crash states that the power scenarios must try together',
      wholeNumber(1, 1_000_000_000),
    )
    .option('--models <list>', 'persistence models, separated by commas (default: all)')
    .option('--shrink-runs <n>', 'real runs that minimising a failure may take', wholeNumber(0, 100_000), 400)
    .option(
      '--life-limit-ms <n>',
      'a life that takes longer makes the verdict unknown',
      wholeNumber(100, 3_600_000),
      30_000,
    )
    .option(
      '--dir <dir>',
      'where the databases under test lie (default: /dev/shm or the temporary directory)',
    )
    .option('--out <dir>', 'where reports and failures are written', 'out')
    .option('--steps', 'list every crash point in the summary, not only their phases')
    .option('--target <name>', 'engine under test', 'lsm')
    .action((names: readonly string[], options: RunOptions, command: Command) => {
      const given = command.getOptionValueSource('corpus') === 'cli';
      return run(names, options, given);
    });
}

interface RunOptions {
  readonly seed: number;
  readonly effort: number;
  readonly workers: number;
  readonly states?: number;
  readonly models?: string;
  readonly corpus: string | false;
  readonly shrinkRuns: number;
  readonly lifeLimitMs: number;
  readonly dir?: string;
  readonly out: string;
  readonly steps?: true;
  readonly target: string;
}

async function run(names: readonly string[], options: RunOptions, corpusGiven: boolean): Promise<void> {
  const scenarios = pickByName('scenario', SCENARIOS, (scenario) => scenario.name, names);
  pickByName('target', ['lsm'], (name) => name, [options.target]);
  const target = lsmTarget();
  const models =
    options.models === undefined
      ? undefined
      : pickByName('persistence model', ALL_MODELS, (name) => name, options.models.split(','));
  if (corpusGiven && options.corpus !== false) requireThere('--corpus', options.corpus);
  prepareOut(options.out);
  const progress = progressReporter(process.stderr, () => WALL_CLOCK.monotonicMs());
  const signal = abortOnSignals((name) => progress.show(`${name}: writing what was found so far`));
  const record = await runCampaign({
    target,
    scenarios,
    seed: options.seed,
    workers: options.workers,
    effort: options.effort,
    ...(options.states === undefined ? {} : { states: options.states }),
    ...(models === undefined ? {} : { models }),
    corpus: options.corpus === false ? null : options.corpus,
    failuresDirectory: join(options.out, 'failures'),
    dataParent: options.dir,
    lifeLimitMs: options.lifeLimitMs,
    shrinkRunsMax: options.shrinkRuns,
    command: [
      'npx ninelives run',
      ...names,
      `--seed ${options.seed}`,
      options.states === undefined ? `--effort ${options.effort}` : `--states ${options.states}`,
      ...(options.models === undefined ? [] : [`--models ${options.models}`]),
    ].join(' '),
    clock: WALL_CLOCK,
    signal,
    onProgress: (now) => progress.show(progressText(now)),
  });
  progress.done();
  const files = writeReports(options.out, 'report', record);
  const crashPoints = options.steps === true ? 'steps' : 'phases';
  process.stdout.write(
    renderSummary(record, { colour: colourWanted(process.stdout), ...files, crashPoints }),
  );
  process.exitCode = exitCodeOf(record.verdict);
}
