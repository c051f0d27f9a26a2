/**
 * The crash points for the terminal. By phase: how many points of each were reached, and by name those that were
 * not, since they are what a reader has to act on. By step: a row for each label with its kills by moment.
 */
import type { CrashPointCell, CrashPointRow } from '../harness/run/record.js';
import { countText } from './quantity.js';
import { cutLine, tableLines } from './text-table.js';
import type { Colours, TextColumn } from './text-table.js';
import { crashPointsOf, groupByPhase } from './totals.js';
import { visibleText } from './visible-text.js';

const LABEL_WIDTH = 40;
const NEVER_SHOWN_MAX = 30;

/** Lines of the crash-point table; none if the record has no steps. */
export function crashPointLines(
  rows: readonly CrashPointRow[],
  detail: 'phases' | 'steps',
  colours: Colours,
): readonly string[] {
  if (rows.length === 0) return [];
  return detail === 'steps' ? stepLines(rows, colours) : phaseLines(rows, colours);
}

function stepLines(rows: readonly CrashPointRow[], colours: Colours): readonly string[] {
  const labels = rows.map((row) => cutLine(visibleText(row.label), LABEL_WIDTH));
  const width = Math.max(...labels.map((label) => label.length));
  return rows.map((row, index) => {
    const label = (labels[index] ?? '').padEnd(width);
    const points = crashPointsOf(row);
    if (row.reached === 0 && points.every(({ cell }) => cell.kills === 0)) {
      return colours.dim(`${label}  never reached`);
    }
    const line =
      `${label}  before ${cellText(row.before)}  inside ${cellText(row.inside)}  after ${cellText(row.after)}`.trimEnd();
    return points.some(({ cell }) => cell.failures > 0) ? colours.red(line) : line;
  });
}

const CELL_WIDTH = 9;

function cellText(cell: CrashPointCell | null): string {
  if (cell === null) return '–'.padEnd(CELL_WIDTH);
  const failures = cell.failures === 0 ? '' : ` ✗${countText(cell.failures)}`;
  return `${countText(cell.kills)}${failures}`.padEnd(CELL_WIDTH);
}

function phaseLines(rows: readonly CrashPointRow[], colours: Colours): readonly string[] {
  const columns: readonly TextColumn[] = [
    { title: 'crash points', align: 'left' },
    ...['reached', 'of', 'kills', 'failures'].map((title): TextColumn => ({ title, align: 'right' })),
  ];
  const [title = '', ...lines] = tableLines(
    columns,
    groupByPhase(rows).map(({ phase, rows: steps }) => {
      const points = steps.flatMap(crashPointsOf);
      const sum = (pick: (cell: CrashPointCell) => number): string =>
        countText(points.reduce((total, point) => total + pick(point.cell), 0));
      return [
        cutLine(visibleText(phase), LABEL_WIDTH),
        sum((cell) => (cell.kills > 0 ? 1 : 0)),
        countText(points.length),
        sum((cell) => cell.kills),
        sum((cell) => cell.failures),
      ];
    }),
  );
  return [colours.dim(title), ...lines, ...neverLines(rows, colours)];
}

function neverLines(rows: readonly CrashPointRow[], colours: Colours): readonly string[] {
  const never = rows.flatMap((row) => {
    const missed = crashPointsOf(row).filter((point) => point.cell.kills === 0);
    if (missed.length === 0) return [];
    const all = missed.length === crashPointsOf(row).length;
    const moments = all ? '' : `${missed.map((point) => point.moment).join(' and ')} `;
    return [`  ${moments}${cutLine(visibleText(row.label), LABEL_WIDTH)}`];
  });
  if (never.length === 0) return [];
  const left = never.length - NEVER_SHOWN_MAX;
  return [
    colours.yellow('never reached:'),
    ...never.slice(0, NEVER_SHOWN_MAX),
    ...(left > 0 ? [`  and ${countText(left)} more`] : []),
  ];
}
