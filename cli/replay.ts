import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { explainViolation } from '../harness/checker/explain.js';
import { type CrashCase, judge, type Judgement, type HistoryEvent } from '../harness/index.js';
import { loadCase, loadHistory } from '../harness/run/corpus.js';
import { openDataRoot } from '../harness/run/data-root.js';
import { isTimed } from '../harness/run/failure.js';
import { replay } from '../harness/run/replay.js';
import type { CulpritRecord } from '../harness/run/record.js';
import type { CaseOutcome } from '../harness/run/run-case.js';
import { decodeToken } from '../harness/run/token.js';
import { operationText } from '../harness/workload/operation.js';
import { culpritLines } from '../reports/text-culprit.js';
import { colourWanted } from './colour.js';
import { EXIT_UNKNOWN, exitCodeOf } from './exit-code.js';
import { abortOnSignals } from './interrupts.js';
import { wholeNumber } from './options.js';
import { targetOf } from './targets.js';

/** `ninelives replay <token|file>`: the same case again, with the same bytes. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('play a failure again from its token or case file')
    .argument('<token|file>', 'nl1_... or the path of a case file')
    .option('--runs <n>', 'play it this often', wholeNumber(1, 10_000), 1)
    .option('--json', 'print the history as NDJSON instead of sentences')
    .option('--dir <dir>', 'where the database under test lies')
    .option(
      '--life-limit-ms <n>',
      'a life that takes longer makes the verdict unknown',
      wholeNumber(100, 3_600_000),
      30_000,
    )
    .action(replayCommand);
}

interface ReplayOptions {
  readonly runs: number;
  readonly json?: true;
  readonly dir?: string;
  readonly lifeLimitMs: number;
}

async function replayCommand(source: string, options: ReplayOptions): Promise<void> {
  const saved = readSource(source);
  const work = openDataRoot(options.dir);
  try {
    const target = await targetOf(saved.case.target, work.directory);
    if (target.build !== saved.build) {
      process.stderr.write(
        `ninelives: the case was saved with build ${saved.build}, this is build ${target.build}; the engine may behave differently.\n`,
      );
    }
    if (isTimed(saved.case) && saved.history !== undefined) {
      process.stderr.write(
        'ninelives: a timed kill cannot be repeated; this is the saved history, judged again.\n',
      );
      show(saved.case, saved.history, judge(saved.history), {}, options);
      return;
    }
    const signal = abortOnSignals(() => undefined);
    const plan = {
      target,
      runs: options.runs,
      dataParent: options.dir,
      lifeLimitMs: options.lifeLimitMs,
      signal,
    };
    const replayed = await replay(saved.case, plan);
    const [first] = replayed;
    if (first === undefined) {
      process.exitCode = EXIT_UNKNOWN;
      return;
    }
    const notes = notStruck(saved.case, first.outcome);
    show(saved.case, first.outcome.history, first.outcome.judgement, { ...first, notes }, options);
    const same = replayed.filter((other) => other.digest === first.digest).length;
    if (options.runs > 1) process.stdout.write(`The same bytes in ${same} of ${replayed.length} runs.\n`);
    if (same < replayed.length) process.exitCode = EXIT_UNKNOWN;
  } finally {
    work.remove();
  }
}

interface SavedCase {
  readonly case: CrashCase;
  readonly build: string;
  readonly history: readonly HistoryEvent[] | undefined;
}

function readSource(source: string): SavedCase {
  if (source.trimStart().startsWith('nl1_')) return { ...decodeToken(source), history: undefined };
  const { file } = loadCase(source);
  return { case: file.case, build: file.build, history: loadHistory(source) };
}

function show(
  crashCase: CrashCase,
  history: readonly HistoryEvent[],
  judgement: Judgement,
  {
    digest,
    culprit,
    notes = [],
  }: { readonly digest?: string; readonly culprit?: CulpritRecord; readonly notes?: readonly string[] },
  options: ReplayOptions,
): void {
  process.exitCode = exitCodeOf(judgement.verdict);
  if (options.json === true) {
    for (const event of history) process.stdout.write(`${JSON.stringify(event)}\n`);
    return;
  }
  const lines = [
    ...crashCase.lives.flatMap((life, number) => [
      `life ${number}`,
      ...life.operations.map(
        ({ operation, overlap }, index) =>
          `  ${index}. ${operationText(operation)}${overlap === true ? ' (overlapping)' : ''}`,
      ),
      ...(life.faults ?? []).map((fault) => `  ${fault}`),
      `  ${life.end}`,
    ]),
    '',
    judgement.verdict.toUpperCase(),
    ...judgement.violations.flatMap((violation) => [
      '',
      `${violation.kind}:`,
      ...explainViolation(violation, history).map((line) => `  ${line}`),
    ]),
    ...(culprit === undefined
      ? []
      : ['', ...culpritLines(culprit, createColors(colourWanted(process.stdout)))]),
    ...judgement.doubts,
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...(digest === undefined ? [] : ['', `history ${digest}`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What was planned and did not come, a sentence each: a case that holds for want of its crash proves nothing. */
function notStruck({ lives }: CrashCase, { history, lives: outcomes }: CaseOutcome): readonly string[] {
  return lives.flatMap(({ end, faults = [] }, number) => {
    const ended = outcomes[number];
    if (ended === undefined) return [];
    const struck = history.flatMap((event) =>
      event.kind === 'fault' && event.life === number ? event.fault : [],
    );
    return [
      ...faults
        .filter((fault) => !struck.includes(fault))
        .map((fault) => `life ${number}: ${fault} never struck.`),
      ...(ended.fired ? [] : [`life ${number} did not end as planned: ${unfiredText(end)}.`]),
    ];
  });
}

function unfiredText(end: string): string {
  return end.startsWith('power ')
    ? 'the power loss never came, or what it names could not be lost any more'
    : 'the kill never came';
}
