import type { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, type EngineOptions, nodeEnvironment } from '../../engine/index.js';
import { HarnessError } from '../../harness/index.js';
import { EXIT_UNKNOWN } from '../exit-code.js';
import { abortOnSignals } from '../interrupts.js';
import { wholeNumber } from '../options.js';
import { benchText } from './bench-text.js';
import { type BenchResult, runPhases } from './bench-phases.js';
import { durabilityOption, tellErrors } from './open-database.js';

/**
 * `ninelives kv bench [DIRECTORY]`: how fast the engine is here, in a few seconds. It makes a new directory of its own
 * in DIRECTORY (else in the system's place for temporary files), works in that one only, and removes it at the end,
 * after Ctrl-C, too. What it measures is in `bench-phases.ts`.
 */
export function addBenchCommand(kv: Command): void {
  kv.command('bench')
    .description('measure the speed of the engine on this machine')
    .argument('[directory]', 'where to measure; a directory is made in it and removed again', tmpdir())
    .addOption(durabilityOption().default('os' satisfies EngineOptions['durability']))
    .option('--entries <n>', 'pairs of the database', wholeNumber(100, 10_000_000), 10_000)
    .option('--value-bytes <n>', 'size of a value', wholeNumber(0, 1_048_576), 100)
    .option('--phase-ms <n>', 'how long each phase may take', wholeNumber(10, 600_000), 300)
    .option('--json', 'print the figures as JSON')
    .action(bench);
}

interface BenchArguments {
  readonly durability: EngineOptions['durability'];
  readonly entries: number;
  readonly valueBytes: number;
  readonly phaseMs: number;
  readonly json?: true;
}

async function bench(parent: string, given: BenchArguments): Promise<void> {
  const signal = abortOnSignals(() => undefined);
  const directory = makeDirectory(parent);
  let result: BenchResult | undefined;
  try {
    await tellErrors(async () => {
      const engine = await Engine.open(nodeEnvironment(directory), { durability: given.durability });
      try {
        result = await runPhases(engine, given, signal);
      } finally {
        await engine.close();
      }
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  if (signal.aborted) {
    process.stderr.write('ninelives: interrupted; there are no figures.\n');
    process.exitCode = EXIT_UNKNOWN;
  } else if (result !== undefined) {
    process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : benchText(result, parent));
  }
}

/** Throws 'bad-path' if `parent` is no directory that can be written to; it is not made, since it would have to be removed. */
function makeDirectory(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'ninelives-bench-'));
  } catch (cause) {
    throw new HarnessError(
      'bad-path',
      `Expected a directory to measure in, got: ${(cause as Error).message}; make it, or leave it out.`,
    );
  }
}
