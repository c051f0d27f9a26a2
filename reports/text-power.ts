/**
 * Power losses for the terminal: a matrix of scenarios by persistence models, and the totals below it. A cell is the
 * verdict by its shape, and its word unless it held, with the number of distinct disk states that it rests on. Columns
 * that do not fit into a line go into a further matrix; models with a failed sync have one of their own.
 */
import type { ModelRecord, RunRecord } from '../harness/run/record.js';
import { layerText, powerSentences } from './power-text.js';
import { modelGroups, powerScenarios, scenariosOf } from './power-totals.js';
import type { ModelGroup, PowerScenario } from './power-totals.js';
import { countText } from './quantity.js';
import { paint } from './text-paint.js';
import { SUMMARY_WIDTH, cutLine, tableLines, wrapWords } from './text-table.js';
import type { Colours } from './text-table.js';
import { VERDICT_SHAPE } from './verdict-text.js';
import { visibleText } from './visible-text.js';

const NAME_WIDTH = 26;
const MODEL_WIDTH = 20;
const GAP = 2;

/** Lines of the matrix and of its totals; none if no scenario simulated a power loss. */
export function powerLines(record: RunRecord, colours: Colours): readonly string[] {
  const scenarios = powerScenarios(record.scenarios);
  if (scenarios.length === 0) return [];
  return [
    ...modelGroups(scenarios).flatMap((group) => groupLines(group, scenarios, colours)),
    colours.dim('a number counts distinct disk states: ✓ held, ✗ VIOLATED, ? unknown, – none tried'),
    ...powerSentences(record).flatMap(wrapWords),
  ];
}

interface MatrixColumn {
  readonly title: string;
  readonly cells: readonly string[];
}

function groupLines(group: ModelGroup, all: readonly PowerScenario[], colours: Colours): readonly string[] {
  const scenarios = scenariosOf(group, all);
  const names: MatrixColumn = {
    title: cutLine(visibleText(layerText(group.layer) || 'power loss'), NAME_WIDTH),
    cells: scenarios.map((scenario) => cutLine(visibleText(scenario.name), NAME_WIDTH)),
  };
  const columns = group.columns.map(({ base, model }) => ({
    title: cutLine(visibleText(base), MODEL_WIDTH),
    cells: scenarios.map(({ power }) => cellText(power.models.find((row) => row.model === model))),
  }));
  return splitToWidth(columns, SUMMARY_WIDTH - widthOf(names)).flatMap((fitting) =>
    matrixLines([names, ...fitting], widthOf(names), colours),
  );
}

function cellText(row: ModelRecord | undefined): string {
  if (row === undefined) return '';
  if (row.tried === 0 && row.verdict === 'held') return '–';
  const word = row.verdict === 'violated' ? ' VIOLATED' : row.verdict === 'unknown' ? ' unknown' : '';
  return `${VERDICT_SHAPE[row.verdict]}${word} ${countText(row.distinct)}`;
}

function widthOf(column: MatrixColumn): number {
  return Math.max(column.title.length, ...column.cells.map((cell) => cell.length));
}

/** Columns in their order, in as few runs of about the same length as fit into `width` characters. */
function splitToWidth(columns: readonly MatrixColumn[], width: number): readonly (readonly MatrixColumn[])[] {
  for (let size = columns.length; ; size = Math.ceil(size / 2)) {
    const runs = Array.from({ length: Math.ceil(columns.length / size) }, (_, run) =>
      columns.slice(run * size, (run + 1) * size),
    );
    const fits = runs.every(
      (run) => run.reduce((total, column) => total + GAP + widthOf(column), 0) <= width,
    );
    if (fits || size <= 1) return runs;
  }
}

/** The names come from the record and may hold the shapes, so only what stands right of them is painted. */
function matrixLines(
  columns: readonly MatrixColumn[],
  nameWidth: number,
  colours: Colours,
): readonly string[] {
  const rowCount = columns[0]?.cells.length ?? 0;
  const rows = Array.from({ length: rowCount }, (_, row) => columns.map((column) => column.cells[row] ?? ''));
  const [titles = '', ...lines] = tableLines(
    columns.map(({ title }) => ({ title, align: 'left' })),
    rows,
  );
  return [
    colours.dim(titles),
    ...lines.map(
      (line) =>
        line.slice(0, nameWidth) +
        line
          .slice(nameWidth)
          .replace(/✓/g, (shape) => paint('held', shape, colours))
          .replace(/✗ VIOLATED/g, (text) => paint('violated', text, colours))
          .replace(/\? unknown/g, (text) => paint('unknown', text, colours)),
    ),
  ];
}
