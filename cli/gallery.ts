import type { Command } from 'commander';
import { join } from 'node:path';
import { lsmTarget, runCampaign, type CampaignPlan, type RunRecord } from '../harness/index.js';
import { openDataRoot } from '../harness/run/data-root.js';
import { worstVerdict } from '../harness/checker/verdict.js';
import type { GalleryRow } from '../harness/run/record.js';
import { WALL_CLOCK } from '../harness/run/wall-clock.js';
import { renderSummary } from '../reports/text.js';
import { compareCulprit } from '../scenarios/gallery/culprit.js';
import { loadGallery, type PlantedBug } from '../scenarios/gallery/index.js';
import { SCENARIOS } from '../scenarios/index.js';
import { colourWanted } from './colour.js';
import { exitCodeOf } from './exit-code.js';
import { abortOnSignals } from './interrupts.js';
import { pickByName, WORKERS_DEFAULT, wholeNumber } from './options.js';
import { type ProgressReporter, progressReporter, progressText } from './progress-line.js';
import { targetOf } from './targets.js';
import { prepareOut, writeReports } from './write-reports.js';

/** `ninelives gallery [bug...]`: every planted bug must be caught, and the sound engine must stay clean. */
export function addGalleryCommand(program: Command): void {
  program
    .command('gallery')
    .description('prove that the harness bites: run it on engines with planted bugs, and on the sound one')
    .argument('[bug...]', 'names of planted bugs (default: all; see `ninelives list`)')
    .option('--seed <n>', 'seed of the whole run', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--workers <n>', 'children at a time', wholeNumber(1, 256), WORKERS_DEFAULT)
    .option(
      '--sound-kills <n>',
      'kills that the sound engine must survive',
      wholeNumber(0, 10_000_000),
      2_000,
    )
    .option('--shrink-runs <n>', 'real runs that minimising a failure may take', wholeNumber(0, 100_000), 400)
    .option('--dir <dir>', 'where the databases under test lie')
    .option('--out <dir>', 'where reports and failures are written', 'out')
    .action(gallery);
}

interface GalleryOptions {
  readonly seed: number;
  readonly workers: number;
  readonly soundKills: number;
  readonly shrinkRuns: number;
  readonly dir?: string;
  readonly out: string;
}

async function gallery(names: readonly string[], options: GalleryOptions): Promise<void> {
  const bugs = pickByName('planted bug', loadGallery(), (bug) => bug.id, names);
  const out = join(options.out, 'gallery');
  prepareOut(out);
  const progress = progressReporter(process.stderr, () => WALL_CLOCK.monotonicMs());
  const signal = abortOnSignals((name) => progress.show(`${name}: writing what was found so far`));
  const startedAt = WALL_CLOCK.now();
  const startMs = WALL_CLOCK.monotonicMs();
  const base: Omit<CampaignPlan, 'target' | 'scenarios' | 'onProgress'> = {
    seed: options.seed,
    workers: options.workers,
    effort: BUG_EFFORT,
    corpus: null,
    failuresDirectory: join(out, 'failures'),
    dataParent: options.dir,
    lifeLimitMs: 30_000,
    shrinkRunsMax: options.shrinkRuns,
    command: ['npx ninelives gallery', ...names, `--seed ${options.seed}`].join(' '),
    clock: WALL_CLOCK,
    signal,
  };
  const rows: GalleryRow[] = [];
  for (const bug of bugs) {
    if (!signal.aborted) rows.push(await hunt(bug, base, out, progress, options.dir));
  }
  const sound =
    options.soundKills === 0 ? await withoutSound(base) : await runSound(base, options.soundKills, progress);
  progress.done();
  const missed = rows.some((row) => !row.caught || row.culprit?.right === false) || signal.aborted;
  const record: RunRecord = {
    ...sound,
    startedAt,
    durationMs: Math.round(WALL_CLOCK.monotonicMs() - startMs),
    command: base.command,
    interrupted: signal.aborted,
    // A harness that lets a planted bug pass, or names the wrong steps, cannot vouch for the sound engine either.
    verdict: worstVerdict([sound.verdict, missed ? 'unknown' : 'held']),
    gallery: rows,
  };
  const paths = writeReports(options.out, 'gallery', record);
  process.stdout.write(renderSummary(record, { colour: colourWanted(process.stdout), ...paths }));
  process.exitCode = exitCodeOf(record.verdict);
}

/** A planted bug gets more random cases than a scenario: what matters is that it is found. */
const BUG_EFFORT = 4;

type BasePlan = Omit<CampaignPlan, 'target' | 'scenarios' | 'onProgress'>;

async function hunt(
  bug: PlantedBug,
  base: BasePlan,
  out: string,
  progress: ProgressReporter,
  dataParent: string | undefined,
): Promise<GalleryRow> {
  const described = { id: bug.id, what: bug.what, resembles: bug.resembles, expected: bug.caughtBy };
  const nothing = { caught: false, by: [], findMs: 0, cases: 0, operations: 0 };
  const work = openDataRoot(dataParent);
  try {
    const target = await targetOf(`lsm+${bug.id}`, work.directory);
    const scenarios = pickByName('scenario', SCENARIOS, (scenario) => scenario.name, [bug.scenario]);
    const startMs = WALL_CLOCK.monotonicMs();
    let foundMs: number | undefined;
    const record = await runCampaign({
      ...base,
      target,
      scenarios,
      failuresDirectory: join(out, bug.id),
      onProgress: (now) => {
        if (now.failures > 0) foundMs ??= WALL_CLOCK.monotonicMs();
        progress.show(`${bug.id}: ${progressText(now)}`);
      },
    });
    writeReports(out, bug.id, record);
    const [failure] = record.failures;
    const by = [...new Set(failure?.violations.map((violation) => violation.kind) ?? [])];
    const culprit = compareCulprit(bug.culprits, failure?.culprit);
    return {
      ...described,
      caught: by.some((kind) => bug.caughtBy.includes(kind)),
      by,
      findMs: Math.round((foundMs ?? WALL_CLOCK.monotonicMs()) - startMs),
      cases: record.scenarios.reduce((sum, scenario) => sum + scenario.cases, 0),
      operations: failure?.operationsAfter ?? 0,
      ...(failure === undefined ? {} : { replay: failure.command }),
      ...(culprit === undefined ? {} : { culprit }),
    };
  } catch (error) {
    return { ...described, ...nothing, error: error instanceof Error ? error.message : String(error) };
  } finally {
    work.remove();
  }
}

/** A record that says nothing of the sound engine, and says so. */
async function withoutSound(base: BasePlan): Promise<RunRecord> {
  const record = await runCampaign({
    ...base,
    target: lsmTarget(),
    scenarios: [],
    onProgress: () => undefined,
  });
  const limit = 'The sound engine: it was not run, so nothing is known about false alarms.';
  return { ...record, verdict: 'held', limits: [limit, ...record.limits] };
}

/** The sound engine through all scenarios, with one seed after another until it has been killed often enough. */
async function runSound(base: BasePlan, killsMin: number, progress: ProgressReporter): Promise<RunRecord> {
  const target = lsmTarget();
  const plan = (seed: number, effort: number): CampaignPlan => ({
    ...base,
    target,
    scenarios: SCENARIOS,
    seed,
    effort,
    onProgress: (now) => progress.show(`sound engine: ${progressText(now)}`),
  });
  for (let effort = Math.max(1, killsMin / KILLS_AT_EFFORT_1); ; effort *= 1.5) {
    const record = await runCampaign(plan(base.seed, effort));
    // One record holds all: what was not enough is done again, larger.
    if (killsOf(record) >= killsMin || record.verdict !== 'held') return record;
  }
}

/** A little less than what a run gives, so that the first guess is mostly enough. */
const KILLS_AT_EFFORT_1 = 850;

function killsOf(record: RunRecord): number {
  return record.scenarios.reduce((sum, { kills }) => sum + kills.exact + kills.timed + kills.idle, 0);
}
