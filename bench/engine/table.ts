import { availableParallelism, cpus, release } from 'node:os';
import type { Measured, Plan } from './rounds.js';
import { LIMITS, type Unit } from './rows.js';
import { STORE_NAMES, type StoreName } from './store.js';
import type { ReferenceSummary, RowSummary, Summary } from './summary.js';

/**
 * The tables as Markdown, which is also what the terminal shows: rows by durability, one column an engine, one a
 * ratio. A row that misses its aim says so, and what limits it stands below the table.
 */
export function formatTables(plan: Plan, measured: Measured, summary: Summary): string {
  return [
    machineText(plan),
    table(headings(), summary.rows.map(rowCells)),
    ...notes(measured, summary),
    '`lsmtree` (Go) publishes figures of a 2020 M1 laptop, so they are a reference and not a race:',
    table(['operation', 'ninelives here', 'lsmtree there'], summary.references.map(referenceCells)),
    [...measured.options].map(([store, options]) => `- ${store}: ${options}`).join('\n'),
  ].join('\n\n');
}

/** The machine and the plan in one line; also the caption of the drawing. */
export function machineText({ rounds, entries }: Plan): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${count(entries)} entries of 16 + 100 bytes, median of ${rounds} interleaved ${rounds === 1 ? 'round' : 'rounds'}; ${model}, ${availableParallelism()} cores, Linux ${release()}, Node ${process.versions.node}`;
}

/** A figure as the table shows it. */
export function formatFigure(value: number | undefined, unit: Unit): string {
  if (value === undefined) return '-';
  if (unit === 'seconds') return `${value.toFixed(3)} s`;
  return value >= 1_000 ? count(Number(value.toPrecision(3))) : value.toPrecision(3);
}

/** 1.96 or 12.4. */
export function formatRatio(ratio: number | undefined): string {
  if (ratio === undefined) return '-';
  return ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}

const PEERS = STORE_NAMES.filter((name): name is Exclude<StoreName, 'ninelives'> => name !== 'ninelives');
const GROUPS = {
  os: 'os',
  always: 'always',
  read: 'reads',
} as const;

function headings(): readonly string[] {
  return ['row', 'durability', ...STORE_NAMES, ...PEERS.map((peer) => `× ${peer}`), 'aim'];
}

function rowCells({ row, figures, ratios, met }: RowSummary): readonly string[] {
  return [
    row.title,
    GROUPS[row.group],
    ...STORE_NAMES.map((name) => formatFigure(figures[name], row.unit)),
    ...PEERS.map((peer) => formatRatio(ratios[peer])),
    row.target === undefined ? '' : `${row.target}${met === undefined ? '' : met ? ', met' : ', missed'}`,
  ];
}

function referenceCells({ reference, ours }: ReferenceSummary): readonly string[] {
  const { title, published, unit } = reference;
  return [title, formatFigure(ours, unit), formatFigure(published, unit)];
}

function notes({ unavailable }: Measured, { rows }: Summary): readonly string[] {
  const lines = [...unavailable].map(([store, why]) => `- ${store} is not on this machine: ${why}`);
  for (const { row, met } of rows) {
    if (met === false) lines.push(`- ${row.title}: ${LIMITS[row.id] ?? 'below its aim'}.`);
  }
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
