/**
 * A run record as a summary for the terminal: the verdict, the scenarios, the crash points, and each failure in a
 * few lines. No line but a command, a path or a file name is longer than 100 characters. Text from the record has
 * its control characters escaped, so that it cannot move the cursor or colour the screen.
 */
import { createColors } from 'picocolors';
import type { FailureRecord, RunRecord } from '../harness/run/record.js';
import { countText, counted, durationText } from './quantity.js';
import { crashPointLines } from './text-crash-points.js';
import { groupByCulprit } from './culprit-text.js';
import { culpritGroupLines } from './text-culprit.js';
import { failureLines } from './text-failure.js';
import { galleryLines } from './text-gallery.js';
import { paint, paintRows } from './text-paint.js';
import { powerLines } from './text-power.js';
import { cutLine, tableLines, wrapWords } from './text-table.js';
import type { Colours, TextColumn } from './text-table.js';
import { killTotal, killsWereTried, runTotals } from './totals.js';
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
    powerLines(record, colours),
    galleryLines(record.gallery, colours),
    killsWereTried(record)
      ? crashPointLines(record.crashPoints, options.crashPoints ?? 'phases', colours)
      : [],
    ...failureBlocks(record.failures, colours),
    pathLines(options, colours),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/**
 * One failure for each culprit, since a second one of the same tells nothing new; failures without a culprit are all
 * shown, up to the limit.
 */
function failureBlocks(failures: readonly FailureRecord[], colours: Colours): readonly (readonly string[])[] {
  const groups = groupByCulprit(failures);
  const shown = groups
    .flatMap((group) => (group.order === undefined ? group.failures : group.failures.slice(0, 1)))
    .slice(0, FAILURES_SHOWN_MAX);
  const left = failures.length - shown.length;
  return [
    culpritGroupLines(groups, colours),
    ...shown.map((failure, index) => failureLines(failure, index + 1, colours)),
    left > 0 ? [`and ${counted(left, 'more failure')}, all in the report`] : [],
  ];
}

function verdictLines(record: RunRecord, colours: Colours): readonly string[] {
  const totals = runTotals(record);
  const { exact, timed, idle } = totals.kills;
  const kills = [
    `${counted(totals.killsAll, 'kill')} (${countText(exact)} exact, ${countText(timed)} timed, ${countText(idle)} idle)`,
    counted(totals.recoveries, 'recovery', 'recoveries'),
  ];
  const counts = [
    ...(killsWereTried(record) ? kills : []),
    `${countText(totals.acknowledged)} of ${counted(totals.operations, 'operation')} acknowledged`,
    ...(killsWereTried(record)
      ? [`${countText(totals.pointsReached)} of ${counted(totals.points, 'crash point')} reached`]
      : []),
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

function pathLines(options: SummaryOptions, colours: Colours): readonly string[] {
  const paths = [options.htmlPath, options.jsonPath].filter((path) => path !== undefined);
  return paths.length === 0
    ? []
    : [`${colours.dim('report')}  ${paths.map((path) => visibleText(path)).join('  ')}`];
}
