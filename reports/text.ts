/**
 * A run record as a summary for the terminal: the verdict, the scenarios, the crash points, and each failure in a
 * few lines. No line but a command, a path or a file name is longer than 100 characters. Text from the record has
 * its control characters escaped, so that it cannot move the cursor or colour the screen.
 */
import { createColors } from 'picocolors';
import type { Verdict } from '../harness/checker/verdict.js';
import type { RunRecord } from '../harness/run/record.js';
import { countText, counted, durationText } from './quantity.js';
import { crashPointLines } from './text-crash-points.js';
import { failureLines } from './text-failure.js';
import { cutLine, tableLines, wrapWords } from './text-table.js';
import type { Colours, TextColumn } from './text-table.js';
import { killTotal, runTotals } from './totals.js';
import { VERDICT_SHAPE, verdictSentence } from './verdict-text.js';
import { visibleText } from './visible-text.js';

export interface SummaryOptions {
  readonly colour: boolean;
  /** Where the page and the record were written; named at the end. */
  readonly htmlPath?: string;
  readonly jsonPath?: string;
  /** 'phases' (default): one line a phase and the points never reached; 'steps': one line a step. */
  readonly crashPoints?: 'phases' | 'steps';
}

const FAILURES_SHOWN_MAX = 5;
const SCENARIO_NAME_WIDTH = 36;

/** The summary, ending in a line break. */
export function renderSummary(record: RunRecord, options: SummaryOptions): string {
  const colours = createColors(options.colour);
  const blocks = [
    verdictLines(record, colours),
    scenarioLines(record, colours),
    galleryLines(record, colours),
    record.scenarios.length === 0
      ? []
      : crashPointLines(record.crashPoints, options.crashPoints ?? 'phases', colours),
    ...record.failures
      .slice(0, FAILURES_SHOWN_MAX)
      .map((failure, index) => failureLines(failure, index + 1, colours)),
    record.failures.length > FAILURES_SHOWN_MAX
      ? [`and ${counted(record.failures.length - FAILURES_SHOWN_MAX, 'more failure')}, all in the report`]
      : [],
    pathLines(options, colours),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Paints text in the colour of a verdict. */
function paint(verdict: Verdict, text: string, colours: Colours): string {
  switch (verdict) {
    case 'held':
      return colours.green(text);
    case 'violated':
      return colours.red(text);
    case 'unknown':
      return colours.yellow(text);
  }
}

function verdictLines(record: RunRecord, colours: Colours): readonly string[] {
  const totals = runTotals(record);
  const { exact, timed, idle } = totals.kills;
  const counts = [
    `${counted(totals.killsAll, 'kill')} (${countText(exact)} exact, ${countText(timed)} timed, ${countText(idle)} idle)`,
    counted(totals.recoveries, 'recovery', 'recoveries'),
    `${countText(totals.acknowledged)} of ${counted(totals.operations, 'operation')} acknowledged`,
    `${countText(totals.pointsReached)} of ${counted(totals.points, 'crash point')} reached`,
    `${durationText(record.durationMs)}, seed ${record.seed}`,
  ];
  const name = `${VERDICT_SHAPE[record.verdict]} ${record.verdict}`;
  return [
    colours.bold(paint(record.verdict, name, colours)),
    ...wrapWords(verdictSentence(record)),
    ...(record.scenarios.length > 0 ? wrapWords(counts.join(', ')).map(colours.dim) : []),
    ...(record.interrupted ? [colours.yellow('Interrupted before its budget was used.')] : []),
  ];
}

function scenarioLines(record: RunRecord, colours: Colours): readonly string[] {
  if (record.scenarios.length === 0) return [];
  const columns: readonly TextColumn[] = [
    { title: 'verdict', align: 'left' },
    { title: 'scenario', align: 'left' },
    ...['cases', 'kills', 'recoveries', 'not fired', 'doubts'].map((title): TextColumn => ({
      title,
      align: 'right',
    })),
  ];
  const rows = record.scenarios.map((scenario) => [
    `${VERDICT_SHAPE[scenario.verdict]} ${scenario.verdict}`,
    cutLine(visibleText(scenario.name), SCENARIO_NAME_WIDTH),
    countText(scenario.cases),
    countText(killTotal(scenario.kills)),
    countText(scenario.recoveries),
    countText(scenario.faultsNotFired),
    countText(scenario.doubts.length),
  ]);
  return paintRows(
    tableLines(columns, rows),
    record.scenarios.map((scenario) => scenario.verdict),
    colours,
  );
}

function galleryLines(record: RunRecord, colours: Colours): readonly string[] {
  if (record.gallery === undefined) return [];
  const columns: readonly TextColumn[] = [
    { title: 'gallery', align: 'left' },
    { title: 'planted bug', align: 'left' },
    { title: 'by', align: 'left' },
    { title: 'time', align: 'right' },
    { title: 'cases', align: 'right' },
    { title: 'minimised to', align: 'right' },
  ];
  const rows = record.gallery.map((row) => [
    row.caught ? '✓ caught' : '✗ missed',
    cutLine(visibleText(row.id), SCENARIO_NAME_WIDTH),
    cutLine(visibleText(row.error === undefined ? row.by.join(', ') : `not run: ${row.error}`), 24),
    durationText(row.findMs),
    countText(row.cases),
    row.caught ? counted(row.operations, 'operation') : '',
  ]);
  const table = paintRows(
    tableLines(columns, rows),
    record.gallery.map((row) => (row.caught ? 'held' : 'violated')),
    colours,
  );
  const replays = record.gallery.flatMap((row) =>
    row.replay === undefined ? [] : [visibleText(row.replay)],
  );
  return replays.length === 0 ? table : [...table, 'see them again, in this order:', ...replays];
}

/** Colours the first column after it was padded, because escapes have no width. */
function paintRows(
  lines: readonly string[],
  verdicts: readonly Verdict[],
  colours: Colours,
): readonly string[] {
  return lines.map((line, index) => {
    const verdict = verdicts[index - 1];
    if (verdict === undefined) return colours.dim(line);
    const end = line.indexOf('  ');
    return paint(verdict, line.slice(0, end), colours) + line.slice(end);
  });
}

function pathLines(options: SummaryOptions, colours: Colours): readonly string[] {
  const paths = [options.htmlPath, options.jsonPath].filter((path) => path !== undefined);
  return paths.length === 0
    ? []
    : [`${colours.dim('report')}  ${paths.map((path) => visibleText(path)).join('  ')}`];
}
