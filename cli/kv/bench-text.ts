import type { BenchResult, Phase } from './bench-phases.js';

/** The figures of the bench for people: what was measured, a line a phase, and what the figures are not. */
export function benchText(result: BenchResult, parent: string): string {
  const { durability, entries, valueBytes, node, cpu, cores, phases, stats } = result;
  const rows = [['phase', 'operations', 'a second', 'p50 ms', 'p99 ms'], ...phases.map(rowOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return [
    `${whole(entries)} entries with values of ${whole(valueBytes)} bytes, durability ${durability}, in ${parent}`,
    `Node.js ${node}, ${cpu}, of which the process had ${cores.toFixed(2)} cores`,
    '',
    ...lines,
    '',
    `${whole(stats.flushes)} flushes, ${whole(stats.compactions)} compactions, ${whole(stats.stalls)} stalls of ${whole(stats.stallMs)} ms together`,
    'p50 and p99 are of one call: a batch of 100, 64 puts at a time, 100 pairs of a scan.',
    'Reads come from the page cache, and the bench shares a thread with the engine.',
    '',
  ].join('\n');
}

function rowOf({
  name,
  operations,
  ms,
  operationsPerSecond,
  callP50Ms,
  callP99Ms,
}: Phase): readonly string[] {
  // Waiting is told as how long it took.
  if (name === 'settle') return [name, `${whole(ms)} ms`, '', '', ''];
  return [name, whole(operations), whole(operationsPerSecond), callP50Ms.toFixed(3), callP99Ms.toFixed(3)];
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
